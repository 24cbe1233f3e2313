import type { FunctionSpec } from '../protocol/manifest.ts'
import { own } from '../protocol/own.ts'
import type { Action } from './action.ts'
import type { Container } from './model.ts'
import type { Observation } from './observation.ts'
import { DRAIN_GRACE_MS } from './policy.ts'
import { activeIn, hasCalls, makeRoom, type StartTrouble, startTrouble, troubleInWords } from './pools.ts'
import type { Revisits } from './revisits.ts'

interface Load {
  /** Inputs or requests that want a container now. */
  waiting: number
  /** Those that have one. */
  inFlight: number
}

/** Starts what the work asks for and lets go of what has been idle; for the live version, and for pinned calls. */
export function scale(seen: Observation, later: Revisits): Action[] {
  // While the old makes way for the new, nothing old is started.
  if (seen.rolling.at(-1)?.strategy === 'recreate') return []
  for (const { nextDueAt } of seen.demand) if (nextDueAt !== undefined) later.isDue(nextDueAt)
  const live = Object.entries(seen.live?.manifest.functions ?? {}).flatMap(([name, spec]) =>
    scalePool(seen, later, { name, spec, version: seen.live?.version ?? 0, isLive: true }),
  )
  const pinned = seen.demand.filter(hasCalls).flatMap(({ function: name, pin }) => {
    const spec = pin === undefined ? undefined : own(seen.specs.get(pin), name)
    const isApart = seen.staged.some(({ version }) => version === pin)
    if (pin === undefined || pin === seen.app.liveVersion || isApart || !spec) return []
    return scalePool(seen, later, { name, spec, version: pin, isLive: false })
  })
  // Pinned work comes first: the live version can wait for a place, a pinned call has nowhere else to go.
  return [...pinned, ...live]
}

interface Pool {
  name: string
  spec: FunctionSpec
  version: number
  isLive: boolean
  /** Of a staged version, whose containers take no place of others. */
  isApart?: boolean
}

export function scalePool(seen: Observation, later: Revisits, pool: Pool): Action[] {
  const active = activeIn(seen, pool.name, pool.version)
  // Containers fall idle without a word: they are looked at again when one could be let go at the earliest.
  if (active.length > (pool.isLive ? pool.spec.minContainers : 0))
    later.isDue(seen.now + pool.spec.scaledownWindow * 1000)
  const load = loadOf(seen, pool.name, active, pool)
  const desired = desiredContainers(pool, load)
  if (desired > active.length) return grow(seen, later, pool, active, desired, load)
  return shrink(seen, later, pool, active, desired)
}

/** What these containers of a function are asked for: `version` is theirs where calls are pinned to it. */
export function loadOf(
  seen: Observation,
  name: string,
  active: Container[],
  { version, isLive }: Pick<Pool, 'isLive'> & { version?: number } = { isLive: true },
): Load {
  const own = seen.demand.filter(
    ({ function: of, pin }) => of === name && (pin === undefined ? isLive : pin === version),
  )
  const waiting = own.reduce((sum, demand) => sum + demand.pending + demand.waiting, 0)
  // Web functions have requests, the others calls.
  const inFlight = active.reduce((sum, { requests, running }) => sum + requests + running, 0)
  return { waiting, inFlight }
}

/** ceil((waiting + in flight) / concurrency), and the buffer where there is work at all, within the limits. */
export function desiredContainers({ spec, isLive }: Pick<Pool, 'spec' | 'isLive'>, load: Load): number {
  const busy = Math.ceil((load.waiting + load.inFlight) / spec.concurrency)
  const wanted = busy > 0 ? busy + spec.bufferContainers : 0
  return Math.min(spec.maxContainers, Math.max(isLive ? spec.minContainers : 0, wanted))
}

function grow(
  seen: Observation,
  later: Revisits,
  { name, spec, version, isLive, isApart }: Pool,
  active: Container[],
  desired: number,
  load: Load,
): Action[] {
  const trouble = startTrouble(seen, name, version)
  if (trouble && !later.isDue(trouble.retryAt)) {
    return trouble.broken && active.length === 0 && load.waiting > 0
      ? failCalls(name, version, isLive, trouble)
      : []
  }
  const all = isApart ? active : activeIn(seen, name)
  const room = spec.maxContainers - all.length
  if (room <= 0 && !isLive && !isApart && active.length === 0) {
    // Not of each other's: pinned pools would take turns at making room and get nothing done.
    const current = all.filter((container) => container.version === seen.app.liveVersion)
    return makeRoom(seen, current, version)
  }
  return Array.from({ length: Math.min(desired - active.length, Math.max(0, room)) }, (_, i) => ({
    do: 'start',
    function: name,
    version,
    active: active.length + i,
    max: spec.maxContainers,
  }))
}

function failCalls(name: string, version: number, isLive: boolean, trouble: StartTrouble): Action[] {
  const error = { name: 'ContainerCannotStart', message: troubleInWords(trouble) }
  const pinned: Action = { do: 'failCalls', function: name, pin: version, error }
  return isLive ? [{ do: 'failCalls', function: name, error }, pinned] : [pinned]
}

/** More than allowed there are where that was changed: they finish what they do. */
function shrink(
  seen: Observation,
  later: Revisits,
  { name, spec, version, isLive }: Pool,
  active: Container[],
  desired: number,
): Action[] {
  const beyond = isLive ? idlest(active).slice(0, Math.max(0, active.length - spec.maxContainers)) : []
  const rest = active.filter((container) => !beyond.includes(container))
  return [
    ...beyond.map(({ id }) => letGo(seen, spec, id, `maxContainers of ${name} is ${spec.maxContainers}`)),
    ...letIdleGo(seen, later, { name, spec, version }, rest, desired),
  ]
}

/** Those with the least to finish first. */
function idlest(containers: Container[]): Container[] {
  return containers.toSorted((a, b) => a.running + a.requests - (b.running + b.requests))
}

function letIdleGo(
  seen: Observation,
  later: Revisits,
  { name, spec, version }: Omit<Pool, 'isLive'>,
  active: Container[],
  desired: number,
): Action[] {
  const window = spec.scaledownWindow * 1000
  const surplus = active.length - desired
  if (surplus <= 0) return []
  const ready = active.filter((container) => container.state === 'ready')
  return ready
    .filter(({ idleSince }) => idleSince !== undefined && later.isDue(idleSince + window))
    .toSorted((a, b) => (a.idleSince ?? 0) - (b.idleSince ?? 0))
    .slice(0, surplus)
    .map(({ id }) => letGo(seen, spec, id, `${name} v${version} was idle for ${spec.scaledownWindow} s`))
}

function letGo(seen: Observation, { timeout }: FunctionSpec, container: string, reason: string): Action {
  return { do: 'drain', container, deadline: seen.now + timeout * 1000 + DRAIN_GRACE_MS, reason }
}
