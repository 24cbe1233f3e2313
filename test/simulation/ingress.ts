import type { Endpoint, Ingress, Target } from '../../control/ports.ts'
import type { AppKey } from '../../protocol/names.ts'
import { Unavailable } from './unreliable.ts'

interface Outside {
  /** That targets cannot be reached yet. */
  isPending(): boolean
  /** That nothing can be removed for the moment. */
  isCongested(): boolean
  onPoint(endpoint: Endpoint): void
  now(): number
  /** Whether it is a load balancer, which knows of no request and is told of late; or in the process, which knows of each. */
  isApart(): boolean
  /** Web requests in it. */
  requests(containerId: string): number
}

/** What a load balancer may take to learn that it is to send no more requests somewhere; longer than a container waits for an answer. */
const SETTLE_MS = 11_000

/** Who may be reached where; gone with the process where it is in it, as the local one is. */
export class SimulatedIngress implements Ingress {
  readonly routes = new Map<string, { endpoint: Endpoint; targets: Target[]; fault: string | undefined }>()
  readonly #outside: Outside
  /** Who was told that no request will come may leave, whatever a plan says that was made before. */
  readonly #released = new Set<string>()
  /** Since when containers have been nobody's targets. */
  readonly #outAt = new Map<string, number>()
  /** What was said in a lower turn is void. */
  #fence: { turn: number; keep?: string[] } = { turn: 0 }

  constructor(outside: Outside) {
    this.#outside = outside
  }

  url(label: string): string {
    return `http://${label}.test`
  }

  async point(endpoint: Endpoint, targets: Target[], fault?: string): Promise<'pending' | 'pointed'> {
    if (targets.length > 0 && this.#outside.isPending()) return 'pending'
    const { turn, keep } = this.#fence
    if (endpoint.turn < turn || (endpoint.turn === turn && keep && !keep.includes(endpoint.label)))
      return 'pointed'
    if (endpoint.turn > turn) this.#fence = { turn: endpoint.turn }
    const staying = targets.filter(({ container }) => !this.#released.has(container))
    const before = this.routes.get(endpoint.label)?.targets ?? []
    this.routes.set(endpoint.label, { endpoint, targets: staying, fault })
    this.#noteOut(before)
    this.#outside.onPoint(endpoint)
    return 'pointed'
  }

  async remove(key: AppKey, turn: number, keep: string[]): Promise<void> {
    if (this.#outside.isCongested()) throw new Unavailable('The ingress takes no more changes')
    if (turn < this.#fence.turn) return
    this.#fence = { turn, keep }
    for (const [label, { endpoint, targets }] of this.routes) {
      if (endpoint.app !== key.app || keep.includes(label)) continue
      this.routes.delete(label)
      this.#noteOut(targets)
      this.#outside.onPoint(endpoint)
    }
  }

  async isReleased(id: string): Promise<boolean> {
    const isReleased = !this.#isTarget(id) && this.#isOver(id)
    if (isReleased) this.#released.add(id)
    return isReleased
  }

  forget(): void {
    this.routes.clear()
    this.#fence = { turn: 0 }
  }

  #isOver(id: string): boolean {
    const { now, isApart, requests } = this.#outside
    return isApart() ? now() >= (this.#outAt.get(id) ?? 0) + SETTLE_MS : requests(id) === 0
  }

  #isTarget(id: string): boolean {
    return [...this.routes.values()].some(({ targets }) => targets.some(({ container }) => container === id))
  }

  #noteOut(targets: Target[]): void {
    for (const { container } of targets)
      if (!this.#isTarget(container)) this.#outAt.set(container, this.#outside.now())
  }
}
