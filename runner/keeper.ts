import type { CallError } from '../protocol/calls.ts'
import { STARTUP_TIMEOUT } from '../protocol/startup-timeout.ts'
import type { EarlyProcess, Program } from './author-start.ts'
import { ChildProcess } from './child-process.ts'
import { type Death, deathOf, inWords } from './death.ts'
import type { FromChild, Load, ToChild } from './ipc.ts'
import type { Journal } from './journal.ts'

/** Crashes in a row, without a success in between, after which there is no use in starting again. */
const MAX_CRASHES = 5
const STOP_GRACE_MS = 5_000

export interface KeeperNeeds {
  program: Program
  /** Goes on as the first of its processes. */
  early: EarlyProcess | undefined
  load: Load
  startupTimeout: number
  journal: Journal
  onReady: (listening: { host: string; port: number } | undefined) => void
  onMessage: (message: FromChild) => void
  onDeath: (death: Death) => void
  /** It does not start, or crashes again and again. */
  onHopeless: (error: CallError) => void
}

/** Keeps a process running that executes the author's code: starts it, starts it again when it ends, gives up in the end. */
export class Keeper {
  readonly #needs: KeeperNeeds
  readonly #load: Load
  #child: ChildProcess | undefined
  #isReady = false
  #wasReady = false
  #stopped = false
  #crashes = 0
  /** Why we ended the present process. */
  #why: string | undefined
  #loadError: CallError | undefined
  #startup: NodeJS.Timeout | undefined

  constructor(needs: KeeperNeeds) {
    this.#needs = needs
    this.#load = { ...needs.load }
  }

  get isReady(): boolean {
    return this.#isReady
  }

  start(): void {
    const { program, journal, early } = this.#needs
    // What a process said last may arrive after its successor has begun.
    const heard = (message: FromChild) => {
      if (this.#child === child) this.#heard(message)
    }
    const child = new ChildProcess(program, journal, heard, early)
    this.#child = child
    child.exited.then((exit) => this.#ended(deathOf(exit, this.#why)))
    child.send({ type: 'load', load: this.#load })
    const limit = this.#needs.startupTimeout
    this.#startup = setTimeout(() => this.#tooSlow(limit), limit * 1000)
  }

  send(message: ToChild): void {
    this.#child?.send(message)
  }

  /** Kills the process and starts a new one; what it was doing is lost. */
  replace(why: string): void {
    this.#isReady = false
    this.#why ??= why
    this.#child?.kill()
  }

  drain(): void {
    this.#load.draining = true
    this.send({ type: 'drain' })
  }

  /** The process did what it is there for, so what crashed before was not the rule. */
  succeeded(): void {
    this.#crashes = 0
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#startup)
    await this.#child?.stop(STOP_GRACE_MS)
  }

  kill(): void {
    this.#stopped = true
    clearTimeout(this.#startup)
    this.#child?.kill()
  }

  #heard(message: FromChild): void {
    if (message.type === 'unfit') this.#loadError = message.error
    // A killed process may have said so just before.
    if (message.type === 'ready' && this.#why === undefined) this.#becameReady(message.listening)
    this.#needs.onMessage(message)
  }

  #becameReady(listening: { host: string; port: number } | undefined): void {
    clearTimeout(this.#startup)
    if (this.#wasReady) this.#needs.journal.system('The function is ready again.')
    this.#isReady = true
    this.#wasReady = true
    // Requests are on their way to this port, so the next process takes it too.
    if (listening) this.#load.port = listening.port
    this.#needs.onReady(listening)
  }

  #tooSlow(limit: number): void {
    const message = `The function was not ready within its startupTimeout of ${limit} s.`
    this.#loadError = { name: STARTUP_TIMEOUT, message }
    this.#child?.kill()
  }

  #ended(death: Death): void {
    clearTimeout(this.#startup)
    const unfit = this.#loadError
    const error = unfit ?? (death.kind === 'crashed' ? death.error : undefined)
    const isCrash = error !== undefined || death.kind === 'killed'
    this.#isReady = false
    this.#why = undefined
    this.#loadError = undefined
    if (this.#stopped) return
    this.#needs.journal.system(unfit ? `The function could not be started: ${unfit.message}` : inWords(death))
    this.#needs.onDeath(death)
    this.#crashes += isCrash ? 1 : 0
    if (isCrash && (!this.#wasReady || this.#crashes > MAX_CRASHES)) {
      this.#stopped = true
      this.#needs.onHopeless(error ?? { name: 'ProcessKilled', message: inWords(death) })
    } else {
      this.start()
    }
  }
}
