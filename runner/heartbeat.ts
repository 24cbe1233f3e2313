import { setTimeout as sleep } from 'node:timers/promises'
import type { Directive, HeartbeatRequest, HeartbeatResponse } from '../protocol/runtime.ts'
import type { ControlPlane } from './control-plane.ts'

/** Not even news that come one upon the other make more than this of them. */
const MIN_INTERVAL_MS = 100

export interface HeartbeatNeeds {
  control: ControlPlane
  /** What to say now. */
  pulse: () => HeartbeatRequest
  /** This was heard. */
  told: (pulse: HeartbeatRequest) => void
  obey: (directive: Directive) => void
  revoke: (leases: string[]) => void
}

/** Tells the control plane, again and again, that the container lives and what it does. */
export class Heartbeat {
  readonly #needs: HeartbeatNeeds
  #early = new AbortController()

  constructor(needs: HeartbeatNeeds) {
    this.#needs = needs
  }

  /** Goes on until the control plane is lost or the container gone, which it throws. */
  async run(): Promise<never> {
    for (;;) {
      const { signal } = this.#early
      await this.#beat(signal).catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
      if (signal.aborted) this.#early = new AbortController()
    }
  }

  /** There is news that cannot wait. It takes the place of a heartbeat that the server holds. */
  beatNow(): void {
    this.#early.abort()
  }

  /** The last word, if `hasMore` says that there is something to say still; not being heard changes nothing. */
  async conclude(hasMore: () => boolean, signal: AbortSignal): Promise<void> {
    try {
      while (hasMore()) await this.#say(signal)
    } catch {
      // Whoever would hear it is gone, or has no time.
    }
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const begun = performance.now()
    const { directive, revoked, after } = await this.#say(signal)
    this.#needs.obey(directive)
    this.#needs.revoke(revoked)
    // Zero says that the answer itself was held, so that the next one is due.
    const due = Math.max(after * 1000, MIN_INTERVAL_MS - (performance.now() - begun))
    if (due > 0) await sleep(due, undefined, { signal })
  }

  async #say(signal: AbortSignal): Promise<HeartbeatResponse> {
    let said: HeartbeatRequest | undefined
    const pulse = () => {
      said = this.#needs.pulse()
      return said
    }
    const answer = await this.#needs.control.heartbeat(pulse, signal)
    if (said) this.#needs.told(said)
    return answer
  }
}
