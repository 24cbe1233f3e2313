import type { Endpoint, Ingress, Target } from '../../control/ports.ts'
import type { AppKey } from '../../protocol/names.ts'

interface Outside {
  /** That targets cannot be reached yet. */
  isPending(): boolean
  onPoint(endpoint: Endpoint): void
  isReleased(containerId: string): boolean
}

/** Who may be reached where; gone with the process, as the local one is. */
export class SimulatedIngress implements Ingress {
  readonly routes = new Map<string, { endpoint: Endpoint; targets: Target[]; fault: string | undefined }>()
  readonly #outside: Outside
  /** Who was told that no request will come may leave, whatever a plan says that was made before. */
  readonly #released = new Set<string>()
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
    this.routes.set(endpoint.label, { endpoint, targets: staying, fault })
    this.#outside.onPoint(endpoint)
    return 'pointed'
  }

  async remove(key: AppKey, turn: number, keep: string[]): Promise<void> {
    if (turn < this.#fence.turn) return
    this.#fence = { turn, keep }
    for (const [label, { endpoint }] of this.routes) {
      if (endpoint.app !== key.app || keep.includes(label)) continue
      this.routes.delete(label)
      this.#outside.onPoint(endpoint)
    }
  }

  async isReleased(id: string): Promise<boolean> {
    const isReleased = this.#outside.isReleased(id)
    if (isReleased) this.#released.add(id)
    return isReleased
  }

  forget(): void {
    this.routes.clear()
    this.#fence = { turn: 0 }
  }
}
