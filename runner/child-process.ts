import type { ChildProcess as Process } from 'node:child_process'
import { type EarlyProcess, type Program, startProcess } from './author-start.ts'
import type { FromChild, ToChild } from './ipc.ts'
import { type Journal, keepLast } from './journal.ts'
import { killStrays } from './strays.ts'

/** Lines of standard error that a crash's own message carries. */
const LAST_ERRORS = 10
/** What the author's process started may keep the pipes open after it has ended. */
const OUTPUT_GRACE_MS = 500
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

  /** @param early the process to go on with, where it is as good as a new one */
  constructor(
    program: Program,
    journal: Journal,
    onMessage: (message: FromChild) => void,
    early?: EarlyProcess | undefined,
  ) {
    this.#process = early?.take(program) ?? startProcess(program)
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
