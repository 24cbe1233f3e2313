import type { Endpoint } from '../../../control/ports.ts'
import type { AppKey } from '../../../protocol/names.ts'

/** What choosing a target needs to know of it. */
export interface Load {
  readonly inFlight: number
}

export interface Route<Target extends Load> {
  readonly endpoint: Endpoint
  readonly targets: readonly Target[]
  /** Why there will be no target. */
  readonly fault: string | undefined
}

/** The highest turn that an app's endpoints were spoken for in, and which labels it left standing when it removed the others. */
interface Fence {
  turn: number
  keptLabels: readonly string[] | undefined
}

/** Which endpoint a label belongs to, and where its requests go. */
export class Routes<Target extends Load> {
  readonly #byLabel = new Map<string, Route<Target>>()
  readonly #fences = new Map<string, Fence>()
  #turn = 0

  /** @param version the only one that the request may go to, where it names one */
  find(label: string, version?: string): Route<Target> | undefined {
    const route = this.#byLabel.get(label)
    return version === undefined ? route : this.#versions(label).get(version)
  }

  /** The versions that answer at the label. */
  versions(label: string): string[] {
    return [...this.#versions(label).keys()]
  }

  /** The route's target with the fewest requests in flight; equals take turns. `avoid` is chosen only if it is alone. */
  choose({ targets }: Route<Target>, avoid?: Target): Target | undefined {
    // A second choice is no turn: with two targets it would lead the next request to the failed one again.
    if (!avoid) this.#turn += 1
    let chosen: Target | undefined
    for (let step = 0; step < targets.length; step += 1) {
      const candidate = targets[(this.#turn + step) % targets.length]
      if (!candidate || candidate === avoid) continue
      if (!chosen || candidate.inFlight < chosen.inFlight) chosen = candidate
    }
    return chosen ?? targets[0]
  }

  /** Whether nobody has spoken in a higher turn, nor removed the endpoint in this one. */
  mayPoint(endpoint: Endpoint): boolean {
    const { turn, keptLabels } = this.#fenceOf(endpoint)
    if (endpoint.turn !== turn) return endpoint.turn > turn
    return keptLabels?.includes(endpoint.label) ?? true
  }

  /** Replaces the route of its label; returns the one before. */
  set(route: Route<Target>): Route<Target> | undefined {
    const { endpoint } = route
    if (endpoint.turn > this.#fenceOf(endpoint).turn) {
      this.#fences.set(nameOf(endpoint), { turn: endpoint.turn, keptLabels: undefined })
    }
    const before = this.#byLabel.get(endpoint.label)
    this.#byLabel.set(endpoint.label, route)
    return before
  }

  /** Drops the app's routes except these, unless somebody has spoken in a higher turn; returns the ones dropped. */
  remove(key: AppKey, turn: number, keptLabels: readonly string[]): Route<Target>[] {
    if (turn < this.#fenceOf(key).turn) return []
    this.#fences.set(nameOf(key), { turn, keptLabels })
    const dropped = [...this.#byLabel.values()].filter(
      ({ endpoint }) => nameOf(endpoint) === nameOf(key) && !keptLabels.includes(endpoint.label),
    )
    for (const { endpoint } of dropped) this.#byLabel.delete(endpoint.label)
    return dropped
  }

  #fenceOf(key: AppKey): Fence {
    return this.#fences.get(nameOf(key)) ?? { turn: 0, keptLabels: undefined }
  }

  #versions(label: string): Map<string, Route<Target>> {
    const route = this.#byLabel.get(label)
    const aliased = [...this.#byLabel.values()].filter(
      ({ endpoint }) =>
        route && endpoint.staged?.alias === label && nameOf(endpoint) === nameOf(route.endpoint),
    )
    return new Map([...(route ? [route] : []), ...aliased].map((one) => [String(one.endpoint.version), one]))
  }
}

const nameOf = ({ env, app }: AppKey): string => `${env}/${app}`

/** The label in a host: its first part, whatever follows it. */
export function labelOf(host: string): string {
  const end = host.search(/[.:]/)
  return (end === -1 ? host : host.slice(0, end)).toLowerCase()
}
