import { Pool } from 'undici'
import type { Target } from '../../../control/ports.ts'
import type { EndpointOwner } from '../../../control/store-port.ts'

const CONNECT_TIMEOUT_MS = 5_000
const MAX_RESPONSE_HEADER_BYTES = 65_536
/** Plans do not live long, so that no more of the containers that left need be known. */
const MOST_RELEASED = 10_000

/** A container that requests go to, or that still answers some. */
export interface Upstream {
  readonly owner: EndpointOwner
  readonly container: string
  readonly pool: Pool
  /** Requests and upgraded sockets that have not ended. */
  inFlight: number
  /** How many endpoints have it as a target. */
  targeted: number
}

/** Keeps count of what is in flight per container, and lets a container go once it is no target and has nothing left. */
export class Upstreams {
  readonly #byContainer = new Map<string, Upstream>()
  readonly #released = new Set<string>()
  readonly #onReleased: (owner: EndpointOwner, containerId: string) => void
  #destroyed = false

  constructor(onReleased: (owner: EndpointOwner, containerId: string) => void) {
    this.#onReleased = onReleased
  }

  /** Counts the containers as targets of one more endpoint. A container's address never changes. */
  enlist(owner: EndpointOwner, targets: Target[]): Upstream[] {
    const upstreams = targets
      .filter(({ container }) => !this.#released.has(container))
      .map((target) => this.#byContainer.get(target.container) ?? open(owner, target))
    for (const upstream of upstreams) {
      upstream.targeted += 1
      this.#byContainer.set(upstream.container, upstream)
    }
    return upstreams
  }

  dismiss(upstreams: readonly Upstream[]): void {
    for (const upstream of upstreams) {
      upstream.targeted -= 1
      this.#releaseIfDone(upstream)
    }
  }

  begin(upstream: Upstream): void {
    upstream.inFlight += 1
  }

  end(upstream: Upstream): void {
    upstream.inFlight -= 1
    this.#releaseIfDone(upstream)
  }

  /** Who hears that it is released may leave, so a plan that was made before cannot make it a target any more. */
  isReleased(containerId: string): boolean {
    if (this.#byContainer.has(containerId)) return false
    this.#released.add(containerId)
    const [oldest] = this.#released
    if (this.#released.size > MOST_RELEASED && oldest !== undefined) this.#released.delete(oldest)
    return true
  }

  /** Breaks what is left of every connection, and reports nothing any more. */
  async destroy(): Promise<void> {
    this.#destroyed = true
    await Promise.all([...this.#byContainer.values()].map(({ pool }) => pool.destroy()))
  }

  #releaseIfDone(upstream: Upstream): void {
    if (this.#destroyed || upstream.targeted > 0 || upstream.inFlight > 0) return
    this.#byContainer.delete(upstream.container)
    void upstream.pool.close()
    this.#onReleased(upstream.owner, upstream.container)
  }
}

function open({ env, app, function: name }: EndpointOwner, { container, address }: Target): Upstream {
  const pool = new Pool(`http://${address}`, {
    // How long a request may take is the function's own setting, which its runner enforces.
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
  })
  return { owner: { env, app, function: name }, container, pool, inFlight: 0, targeted: 0 }
}
