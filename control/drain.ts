import type { Action } from './action.ts'
import type { Container } from './model.ts'
import type { Observation } from './observation.ts'
import { DRAIN_GRACE_MS } from './policy.ts'
import { hasCalls, isActive, pinnedDemand, specOf } from './pools.ts'
import type { Revisits } from './revisits.ts'

/** Lets go of outdated containers, and ends those whose time is up: to start, or to finish. */
export function retire(seen: Observation, later: Revisits): Action[] {
  return seen.containers.flatMap((container) => {
    if (container.state === 'draining') return endOverdue(container, later)
    if (isOutdated(seen, container)) return [outdate(seen, container)]
    if (container.version < (seen.app.liveVersion ?? 0)) lookAgain(seen, container, later)
    return container.state === 'starting' ? nurse(seen, container, later) : []
  })
}

/** A version's containers are outdated once it is neither live, nor on its way there, nor has calls that want just it. */
function isOutdated(seen: Observation, { version, function: name }: Container): boolean {
  const current = [...seen.rolling, ...seen.staged]
  if (version === seen.app.liveVersion || current.some((other) => other.version === version)) return false
  const pinned = pinnedDemand(seen, name, version)
  return !pinned || !hasCalls(pinned)
}

/** It stays for the sake of pinned calls, and nothing else may tell when the last of them has ended. */
function lookAgain(seen: Observation, container: Container, later: Revisits): void {
  later.isDue(seen.now + (specOf(seen, container)?.scaledownWindow ?? 1) * 1000)
}

function outdate(seen: Observation, container: Container): Action {
  const timeout = (specOf(seen, container)?.timeout ?? 0) * 1000
  const live = seen.app.liveVersion
  const reason = live === undefined ? 'its version is not live' : `v${live} is live`
  return { do: 'drain', container: container.id, deadline: seen.now + timeout + DRAIN_GRACE_MS, reason }
}

/** One that never became ready holds nothing, so it need not be waited for. */
export function endOverdue(container: Container, later: Revisits): Action[] {
  const holdsNothing = container.readyAt === undefined
  return holdsNothing || later.isDue(container.drainDeadline ?? 0)
    ? [{ do: 'kill', container: container.id }]
    : []
}

function nurse(seen: Observation, container: Container, later: Revisits): Action[] {
  if (!container.launched) return [{ do: 'launch', container }]
  const limit = specOf(seen, container)?.startupTimeout ?? 0
  if (!later.isDue(container.startedAt + limit * 1000 + seen.launchMs)) return []
  const message = `it was not ready within its startupTimeout of ${limit} s.`
  return [{ do: 'abandon', container, failure: { kind: 'timeout', message, logs: [] } }]
}

/** Has all of these finish what they do until then. */
export function drainAll(containers: Container[], deadline: number, reason: string): Action[] {
  return containers
    .filter(isActive)
    .map((container) => ({ do: 'drain', container: container.id, deadline, reason }))
}
