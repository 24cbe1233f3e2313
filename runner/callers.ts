import type { JudgeResponse } from '../protocol/runtime.ts'
import type { Verdict } from './ipc.ts'

/** How long a token that is good is not asked about again: a revoked one opens web functions for as long at most. */
const GOOD_MS = 60_000
/** The same for one that is not: enough to keep a mistaken client from asking with each request. */
const BAD_MS = 5_000
/** The oldest make room. */
const MOST_KNOWN = 10_000
/** Strangers who come all at once must not keep the control plane from hearing of the containers. */
const MOST_ASKED = 16

interface Known {
  verdict: Promise<Verdict>
  /** Milliseconds on the process's clock. */
  until: number
}

/** Knows who may call this container's web function, for a while after having asked. */
export class Callers {
  readonly #ask: (token: string) => Promise<JudgeResponse>
  readonly #now: () => number
  /** By the hash of their tokens. */
  readonly #known = new Map<string, Known>()
  #asked = 0

  /** @param now milliseconds that only go up */
  constructor(ask: (token: string) => Promise<JudgeResponse>, now = () => performance.now()) {
    this.#ask = ask
    this.#now = now
  }

  judge(token: string): Promise<Verdict> {
    // Loaded here because a container's first request must not wait for it.
    const hash = process.getBuiltinModule('node:crypto').hash('sha256', token)
    const known = this.#known.get(hash)
    if (known && known.until > this.#now()) return known.verdict
    if (this.#asked >= MOST_ASKED) return Promise.resolve(BUSY)
    const asked: Known = { verdict: this.#learn(hash, token), until: Number.POSITIVE_INFINITY }
    this.#remember(hash, asked)
    return asked.verdict
  }

  async #learn(hash: string, token: string): Promise<Verdict> {
    const since = this.#now()
    this.#asked += 1
    try {
      const answer = await this.#ask(token)
      const { verdict, lasts = Number.POSITIVE_INFINITY } = { lasts: undefined, ...answer }
      const known = this.#known.get(hash)
      if (known) known.until = since + (verdict === 'allowed' ? Math.min(GOOD_MS, lasts * 1000) : BAD_MS)
      return answer
    } catch {
      this.#known.delete(hash)
      return AWAY
    } finally {
      this.#asked -= 1
    }
  }

  #remember(hash: string, known: Known): void {
    this.#known.delete(hash)
    this.#known.set(hash, known)
    const [oldest] = this.#known.keys()
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest)
  }
}

const AWAY: Verdict = {
  verdict: 'refused',
  status: 503,
  detail: 'Sluice cannot be asked now whether this token is good. Try again in a few seconds.',
}

const BUSY: Verdict = {
  verdict: 'refused',
  status: 503,
  detail: 'Too many tokens that are not known yet come at once. Try again in a second.',
}
