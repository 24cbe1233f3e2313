import type { Changes, Listening } from '../../control/event-ports.ts'
import type { Clock } from '../../control/ports.ts'
import { SluiceError } from '../../protocol/errors.ts'
import type { Timers } from './clock.ts'

/** A page that is open, or a script: enough for a team, and a bound for a loop of somebody's. */
const MOST_LISTENERS = 100
/** Nobody is told more often, so that an app with a thousand calls a second does not keep its pages busy. */
const EVERY_MS = 250

interface Time {
  clock: Clock
  timers: Timers
}

/** Has `onChange` told of each change from now on, until what it answers is called. */
export type Watch = (onChange: (env: string, app: string) => void) => () => void

/** What changes within this process, told to whoever listens. Nothing is watched while nobody does. */
export class LocalChanges implements Changes {
  readonly #watch: Watch
  readonly #time: Time
  readonly #listeners = new Set<LocalListening>()
  #unwatch: (() => void) | undefined

  constructor(watch: Watch, time: Time) {
    this.#watch = watch
    this.#time = time
  }

  listen(env: string, app?: string): Listening {
    if (this.#listeners.size >= MOST_LISTENERS) throw tooMany()
    const listening = new LocalListening({ env, app }, this.#time, () => this.#remove(listening))
    this.#listeners.add(listening)
    this.#unwatch ??= this.#watch((env, app) => {
      for (const listener of this.#listeners) listener.notice(env, app)
    })
    return listening
  }

  /** How many there are that listen. */
  get listeners(): number {
    return this.#listeners.size
  }

  /** Ends what is told to everybody. */
  close(): void {
    for (const listener of [...this.#listeners]) listener.close()
  }

  #remove(listening: LocalListening): void {
    this.#listeners.delete(listening)
    if (this.#listeners.size > 0) return
    this.#unwatch?.()
    this.#unwatch = undefined
  }
}

class LocalListening implements Listening {
  readonly #of: { env: string; app: string | undefined }
  readonly #time: Time
  readonly #onClose: () => void
  readonly #changed = new Set<string>()
  #toldAt = Number.NEGATIVE_INFINITY
  #isClosed = false
  #resolve: ((apps: string[] | undefined) => void) | undefined
  #calledOff: (() => void) | undefined

  constructor(of: { env: string; app: string | undefined }, time: Time, onClose: () => void) {
    this.#of = of
    this.#time = time
    this.#onClose = onClose
  }

  notice(env: string, app: string): void {
    if (env !== this.#of.env || app !== (this.#of.app ?? app)) return
    const isFirst = this.#changed.size === 0
    this.#changed.add(app)
    if (isFirst && this.#resolve) this.#tellIn(this.#pauseMs())
  }

  next(ms: number): Promise<string[] | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#tellIn(this.#changed.size > 0 ? this.#pauseMs() : ms)
    })
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#tell()
    this.#onClose()
  }

  #pauseMs(): number {
    return Math.max(0, this.#toldAt + EVERY_MS - this.#time.clock.now())
  }

  #tellIn(ms: number): void {
    this.#calledOff?.()
    this.#calledOff = this.#time.timers.after(ms, () => this.#tell())
  }

  #tell(): void {
    this.#calledOff?.()
    const resolve = this.#resolve
    this.#resolve = undefined
    const apps = [...this.#changed]
    this.#changed.clear()
    if (apps.length > 0) this.#toldAt = this.#time.clock.now()
    resolve?.(this.#isClosed ? undefined : apps)
  }
}

function tooMany(): SluiceError {
  return new SluiceError(
    'unavailable',
    `${MOST_LISTENERS} pages or programs follow the changes already. Close some, or ask from time to time for what you show.`,
  )
}
