import type { ChildProcess as Process } from 'node:child_process'
import type { FromChild, ToChild } from './ipc.ts'
import { type Journal, keepLast } from './journal.ts'
import { killStrays } from './strays.ts'

/** Lines of standard error that a crash's own message carries. */
const LAST_ERRORS = 10
/** What the author's process started may keep the pipes open after it has ended. */
const OUTPUT_GRACE_MS = 500
/**
 * The heap's share of the container's memory: the rest is for the supervisor, for buffers, which live outside the heap,
 * and for code. Below the container's limit, V8 collects harder instead of the kernel killing the process.
 */
const HEAP_SHARE = 0.75

export interface Program {
  file: string
  /** Its working directory. */
  root: string
  variables: Record<string, string>
  /** MiB of the whole container. */
  memory: number
}

export interface ChildExit {
  code: number | null
  signal: NodeJS.Signals | null
  /** Whether we ended it. */
  wanted: boolean
  /** The last lines that it wrote to standard error. */
  errors: string[]
}

/** One process that runs the author's code, from its start to its end. */
export class ChildProcess {
  readonly exited: Promise<ChildExit>
  readonly #process: Process
  readonly #errors: string[] = []
  #wanted = false

  constructor(program: Program, journal: Journal, onMessage: (message: FromChild) => void) {
    // Loaded here because a container's first request must not wait for it.
    const { fork } = process.getBuiltinModule('node:child_process')
    const heap = Math.floor(program.memory * HEAP_SHARE)
    this.#process = fork(program.file, {
      cwd: program.root,
      env: program.variables,
      execArgv: ['--enable-source-maps', `--max-old-space-size=${heap}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#process.on('message', onMessage)
    this.exited = this.#watch()
    const { stdout, stderr } = this.#process
    if (stdout) journal.follow(stdout, 'stdout')
    if (stderr) journal.follow(stderr, 'stderr', (lines) => keepLast(this.#errors, lines, LAST_ERRORS))
  }

  send(message: ToChild): void {
    if (this.#process.connected) this.#process.send(message)
  }

  kill(): void {
    this.#wanted = true
    this.#process.kill('SIGKILL')
  }

  /** Asks it to end, and kills it after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#wanted = true
    this.#process.kill('SIGTERM')
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), graceMs)
    await this.exited
    clearTimeout(timer)
  }

  #watch(): Promise<ChildExit> {
    const { promise, resolve } = Promise.withResolvers<ChildExit>()
    this.#process.on('exit', (code, signal) => {
      killStrays()
      const exit = { code, signal, wanted: this.#wanted, errors: this.#errors }
      this.#process.on('close', () => resolve(exit))
      setTimeout(() => resolve(exit), OUTPUT_GRACE_MS).unref()
    })
    this.#process.on('error', (error) => {
      // Otherwise a message met a process that has just ended, which its exit tells too.
      const neverRan = this.#process.pid === undefined
      if (neverRan) resolve({ code: null, signal: null, wanted: false, errors: [error.message] })
    })
    return promise
  }
}
