import type { FunctionSpec } from '../protocol/manifest.ts'
import type { Action } from './action.ts'
import { ACTIVE, type Container, type Demand } from './model.ts'
import type { Observation } from './observation.ts'
import { DRAIN_GRACE_MS, FAILED_STARTS, FAILURE_MEMORY_MS, RESTART_DELAY_MS } from './policy.ts'

/** A pool is the containers of one function at one version. */

export const isActive = (container: Container): boolean => ACTIVE.includes(container.state)

/** Of one version, or of all that share `maxContainers`. */
export function activeIn(seen: Observation, name: string, version?: number): Container[] {
  return seen.containers.filter(
    (container) =>
      isActive(container) &&
      container.function === name &&
      (version === undefined ? !container.apart : container.version === version),
  )
}

export function specOf(seen: Observation, container: Container): FunctionSpec | undefined {
  return seen.specs.get(container.version)?.[container.function]
}

export function pinnedDemand(seen: Observation, name: string, version: number): Demand | undefined {
  return seen.demand.find((demand) => demand.function === name && demand.pin === version)
}

/** Requests that still wait at the address of a version that was staged are no reason to keep it: there is none any more. */
export const hasCalls = ({ pending, running }: Demand): boolean => pending + running > 0

/** Has the least busy of these leave its place to another version: what it does, it finishes. */
export function makeRoom(seen: Observation, containers: Container[], forVersion: number): Action[] {
  const [idlest] = containers.toSorted((a, b) => a.running + a.requests - (b.running + b.requests))
  const spec = idlest && specOf(seen, idlest)
  if (!spec) return []
  const deadline = seen.now + spec.timeout * 1000 + DRAIN_GRACE_MS
  const reason = `makes room for v${forVersion}: maxContainers is ${spec.maxContainers}`
  return [{ do: 'drain', container: idlest.id, deadline, reason }]
}

export interface StartTrouble {
  failures: number
  last: Container
  /** Before then no further start is tried. */
  retryAt: number
  /** So many in a row that waiting work should hear of it. */
  broken: boolean
}

/** The starts of a pool that failed since one succeeded, if any did lately. */
export function startTrouble(seen: Observation, name: string, version: number): StartTrouble | undefined {
  const lastReady = Math.max(0, ...activeIn(seen, name, version).map((container) => container.readyAt ?? 0))
  const since = Math.max(lastReady, seen.now - FAILURE_MEMORY_MS)
  const failed = seen.failed.filter(
    ({ function: of, version: at, stoppedAt, failure }) =>
      of === name && at === version && failure?.kind !== 'crash' && (stoppedAt ?? 0) > since,
  )
  const [last] = failed
  if (!last) return undefined
  const delay = Math.min(RESTART_DELAY_MS.most, RESTART_DELAY_MS.first * 2 ** (failed.length - 1))
  return {
    failures: failed.length,
    last,
    retryAt: (last.stoppedAt ?? 0) + delay,
    broken: failed.filter(({ failure }) => failure?.kind !== 'refused').length >= FAILED_STARTS,
  }
}

export function troubleInWords({ last, failures }: StartTrouble): string {
  const lines = last.failure?.logs ?? []
  const words = `v${last.version} of ${last.function} could not start (${failures} times): ${last.failure?.message ?? ''}`
  return [words, ...lines].join('\n')
}
