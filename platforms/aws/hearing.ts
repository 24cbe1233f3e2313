import type { Hearing } from '../../control/ports.ts'

/** Containers are heard every half a minute: where none has been for longer, nobody can be. */
const RECENT_MS = 40_000
/** Silence of all at once is believed after. */
const UNHEARD_MS = 600_000

interface Patience {
  recentMs: number
  silenceMs: number
  unheardMs: number
}

/**
 * What a process concludes that hears nobody itself, but looks every minute at when others did. Where all are silent at
 * once it is likelier that nobody could be heard. It remembers no more than since when things are as they are: a new
 * process waits a little longer, and nothing is written for it.
 */
export class HeardByOthers implements Hearing {
  readonly #patience: Patience
  #anybody: boolean | undefined
  #since = 0
  #lookedAt = 0

  constructor({
    recentMs = RECENT_MS,
    silenceMs,
    unheardMs = UNHEARD_MS,
  }: Pick<Patience, 'silenceMs'> & Partial<Patience>) {
    this.#patience = { recentMs, silenceMs, unheardMs }
  }

  isBelievable(now: number, heardAt: number | undefined): boolean {
    const { recentMs, silenceMs, unheardMs } = this.#patience
    const anybody = heardAt !== undefined && now - heardAt < recentMs
    // Nobody knows what was while it did not look.
    if (anybody !== this.#anybody || now - this.#lookedAt > silenceMs) this.#since = now
    this.#anybody = anybody
    this.#lookedAt = now
    return now - this.#since >= (anybody ? silenceMs : unheardMs)
  }
}
