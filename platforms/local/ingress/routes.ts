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

/** Which endpoint a label belongs to, and where its requests go. */
export class Routes<Target extends Load> {
  readonly #byLabel = new Map<string, Route<Target>>()
  #turn = 0

  find(label: string): Route<Target> | undefined {
    return this.#byLabel.get(label)
  }

  /** The route's target with the fewest requests in flight; equals take turns. `avoid` is chosen only if it is alone. */
  choose({ targets }: Route<Target>, avoid?: Target): Target | undefined {
    this.#turn += 1
    let chosen: Target | undefined
    for (let step = 0; step < targets.length; step += 1) {
      const candidate = targets[(this.#turn + step) % targets.length]
      if (!candidate || candidate === avoid) continue
      if (!chosen || candidate.inFlight < chosen.inFlight) chosen = candidate
    }
    return chosen ?? targets[0]
  }

  /** Replaces the route of its label; returns the one before. */
  set(route: Route<Target>): Route<Target> | undefined {
    const before = this.#byLabel.get(route.endpoint.label)
    this.#byLabel.set(route.endpoint.label, route)
    return before
  }

  /** Drops the app's routes except these; returns the ones dropped. */
  remove(key: AppKey, keepLabels: readonly string[]): Route<Target>[] {
    const dropped = [...this.#byLabel.values()].filter(
      ({ endpoint }) =>
        endpoint.env === key.env && endpoint.app === key.app && !keepLabels.includes(endpoint.label),
    )
    for (const { endpoint } of dropped) this.#byLabel.delete(endpoint.label)
    return dropped
  }
}

/** The label in a host: its first part, whatever follows it. */
export function labelOf(host: string): string {
  const end = host.search(/[.:]/)
  return (end === -1 ? host : host.slice(0, end)).toLowerCase()
}
