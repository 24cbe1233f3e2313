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

/** The latest version that spoke for an app, and which labels it left standing when it removed the others. */
interface Fence {
  version: number
  keptLabels: readonly string[] | undefined
}

/** Which endpoint a label belongs to, and where its requests go. */
export class Routes<Target extends Load> {
  readonly #byLabel = new Map<string, Route<Target>>()
  readonly #fences = new Map<string, Fence>()
  #turn = 0

  find(label: string): Route<Target> | undefined {
    return this.#byLabel.get(label)
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

  /** Whether no later version has spoken, and none has removed the endpoint. */
  mayPoint(endpoint: Endpoint): boolean {
    const { version, keptLabels } = this.#fenceOf(endpoint)
    if (endpoint.version !== version) return endpoint.version > version
    return keptLabels?.includes(endpoint.label) ?? true
  }

  /** Replaces the route of its label; returns the one before. */
  set(route: Route<Target>): Route<Target> | undefined {
    const { endpoint } = route
    if (endpoint.version > this.#fenceOf(endpoint).version) {
      this.#fences.set(nameOf(endpoint), { version: endpoint.version, keptLabels: undefined })
    }
    const before = this.#byLabel.get(endpoint.label)
    this.#byLabel.set(endpoint.label, route)
    return before
  }

  /** Drops the app's routes except these, unless a later version has spoken; returns the ones dropped. */
  remove(key: AppKey, version: number, keptLabels: readonly string[]): Route<Target>[] {
    if (version < this.#fenceOf(key).version) return []
    this.#fences.set(nameOf(key), { version, keptLabels })
    const dropped = [...this.#byLabel.values()].filter(
      ({ endpoint }) => nameOf(endpoint) === nameOf(key) && !keptLabels.includes(endpoint.label),
    )
    for (const { endpoint } of dropped) this.#byLabel.delete(endpoint.label)
    return dropped
  }

  #fenceOf(key: AppKey): Fence {
    return this.#fences.get(nameOf(key)) ?? { version: 0, keptLabels: undefined }
  }
}

const nameOf = ({ env, app }: AppKey): string => `${env}/${app}`

/** The label in a host: its first part, whatever follows it. */
export function labelOf(host: string): string {
  const end = host.search(/[.:]/)
  return (end === -1 ? host : host.slice(0, end)).toLowerCase()
}
