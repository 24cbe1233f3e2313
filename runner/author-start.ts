import type { ChildProcess as Process } from 'node:child_process'
import { mkdirSync } from 'node:fs'

/**
 * The heap's share of the container's memory: the rest is for the supervisor, for buffers, which live outside the heap,
 * and for code. Below the container's limit, V8 collects harder instead of the kernel killing the process.
 */
const HEAP_SHARE = 0.75
/** What Node.js, or what it is made of, reads as it starts: too late for it once the process runs. */
const READ_AT_START = /^(NODE_|UV_|LD_|DYLD_|LC_|LANG|ICU_|MALLOC_|GLIBC_|OPENSSL_|SSL_)/

export interface Program {
  file: string
  /** Its working directory. */
  root: string
  variables: Record<string, string>
  /** MiB of the whole container. */
  memory: number
}

export function startProcess({ file, root, variables, memory }: Program): Process {
  const { fork } = process.getBuiltinModule('node:child_process')
  return fork(file, {
    cwd: root,
    env: variables,
    execArgv: ['--enable-source-maps', `--max-old-space-size=${Math.floor(memory * HEAP_SHARE)}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
}

/**
 * A process for the author's code that begins while the supervisor still asks what it is to run. What it could not be
 * given by then, it is told with the load.
 */
export class EarlyProcess {
  readonly #program: Program
  #process: Process | undefined

  constructor(program: Program) {
    this.#program = program
    mkdirSync(program.root, { recursive: true })
    this.#process = startProcess(program)
    // One that could not be started is not taken.
    this.#process.on('error', () => undefined)
  }

  /** Yields it once, unless it has ended, or would have started otherwise had all been known. */
  take(program: Program): Process | undefined {
    const begun = this.#process
    this.#process = undefined
    if (begun?.connected && this.#isAlike(program)) return begun
    begun?.kill('SIGKILL')
    return undefined
  }

  #isAlike({ memory, variables }: Program): boolean {
    const { memory: given, variables: known } = this.#program
    const isLate = (name: string) => READ_AT_START.test(name) && variables[name] !== known[name]
    return memory === given && !Object.keys(variables).some(isLate)
  }
}
