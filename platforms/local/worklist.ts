import type { Clock, Worklist } from '../../control/ports.ts'
import type { AppKey } from '../../protocol/names.ts'
import { Agenda } from './agenda.ts'
import type { Timers } from './clock.ts'

/** However far in the past the time is that a run names: what changes nothing is not run without end. */
const LEAST_WAIT_MS = 100
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 30_000

interface WorklistOptions {
  clock: Clock
  timers: Timers
  /** Reconciles the app; answers when to look again, milliseconds since the epoch. */
  run: (key: AppKey) => Promise<number | undefined>
  /** Told of every run that failed; it is run again, later each time. */
  onError: (error: unknown, key: AppKey) => void
}

interface Entry {
  key: AppKey
  /** The earliest time that was asked for since its last run began. */
  due: number | undefined
  running: Promise<void> | undefined
  /** Runs that failed, since one that did not. */
  failures: number
}

/** Apps to reconcile, in memory: after a crash the control plane asks the store which ones to look at. */
export class LocalWorklist implements Worklist {
  readonly #options: WorklistOptions
  readonly #entries = new Map<string, Entry>()
  readonly #agenda: Agenda<Entry>
  #idlers: (() => void)[] = []
  #closed = false

  constructor(options: WorklistOptions) {
    this.#options = options
    const { clock, timers } = options
    this.#agenda = new Agenda({ clock, timers, onDue: (entry) => this.#begin(entry) })
  }

  async add(key: AppKey, at: number = this.#options.clock.now()): Promise<void> {
    if (this.#closed) return
    this.#ask(this.#entry(key), at)
  }

  /** Once nothing runs and nothing is due: what is asked for a later time does not count. */
  async idle(): Promise<void> {
    if (this.#isIdle()) return
    await new Promise<void>((resolve) => this.#idlers.push(resolve))
  }

  /** Begins nothing more, and waits for what runs. */
  async close(): Promise<void> {
    this.#closed = true
    this.#agenda.close()
    await Promise.all([...this.#entries.values()].map((entry) => entry.running))
    this.#entries.clear()
    this.#tellIdlers()
  }

  /** While an app is being reconciled, a further wish waits for the end of it. */
  #ask(entry: Entry, at: number): void {
    if (entry.due !== undefined && entry.due <= at) return
    entry.due = at
    if (!entry.running) this.#agenda.set(entry, at)
  }

  #begin(entry: Entry): void {
    entry.due = undefined
    entry.running = this.#run(entry).finally(() => this.#end(entry))
  }

  async #run(entry: Entry): Promise<void> {
    try {
      const again = await this.#options.run(entry.key)
      entry.failures = 0
      if (again !== undefined) this.#ask(entry, Math.max(again, this.#options.clock.now() + LEAST_WAIT_MS))
    } catch (error) {
      const wait = Math.min(FIRST_RETRY_MS * 2 ** entry.failures, LAST_RETRY_MS)
      entry.failures += 1
      this.#ask(entry, this.#options.clock.now() + wait)
      this.#options.onError(error, entry.key)
    }
  }

  #end(entry: Entry): void {
    entry.running = undefined
    if (entry.due === undefined) this.#entries.delete(nameOf(entry.key))
    else if (!this.#closed) this.#agenda.set(entry, entry.due)
    this.#tellIdlers()
  }

  #entry(key: AppKey): Entry {
    const name = nameOf(key)
    const known = this.#entries.get(name)
    if (known) return known
    const added: Entry = { key, due: undefined, running: undefined, failures: 0 }
    this.#entries.set(name, added)
    return added
  }

  #isIdle(): boolean {
    const now = this.#options.clock.now()
    return [...this.#entries.values()].every(({ running, due }) => !running && (due ?? now) > now)
  }

  #tellIdlers(): void {
    if (!this.#closed && !this.#isIdle()) return
    for (const resolve of this.#idlers.splice(0)) resolve()
  }
}

const nameOf = ({ env, app }: AppKey): string => `${env}/${app}`
