import type { InFlight } from './call-store-port.ts'
import type { App, Container, Demand, Version } from './model.ts'
import { keyOf } from './model.ts'
import { stagedVersions } from './observe.ts'
import { inEffect } from './overrides.ts'
import type { Needs } from './ports.ts'

/** A version that still has containers, or is staged: a row of the drain board. */
export interface BoardRow {
  version: number
  state: 'rolling' | 'staged' | 'live' | 'pinned' | 'draining'
  containers: { starting: number; ready: number; draining: number }
  calls: number
  requests: number
  oldest?: number
  deadline?: number
}

export interface Description {
  app: App
  live?: Version
  lastVersion?: Version
  staged: Version[]
  containers: Container[]
  demand: Demand[]
  rows: BoardRow[]
}

/** Everything that people ask about an app at one moment. Cost: of containers that run calls, one look at all of them. */
export async function describeApp(ports: Needs<'clock' | 'store'>, app: App): Promise<Description> {
  const key = keyOf(app)
  const [live, last, containers, demand, staged] = await Promise.all([
    app.liveVersion === undefined ? undefined : ports.store.version(key, app.liveVersion),
    app.lastVersion === app.liveVersion ? undefined : ports.store.version(key, app.lastVersion),
    ports.store.containers(key),
    ports.store.demand(key, ports.clock.now()),
    stagedVersions(ports, app),
  ])
  const lastVersion = app.lastVersion === app.liveVersion ? live : last
  return {
    app,
    ...(live && { live: inEffect(app, live) }),
    ...(lastVersion && { lastVersion }),
    staged,
    containers,
    demand,
    rows: await drainBoard(ports, app, containers, staged),
  }
}

async function drainBoard(
  { store }: Needs<'store'>,
  app: App,
  containers: Container[],
  staged: Version[],
): Promise<BoardRow[]> {
  const busy = containers.filter(({ running }) => running > 0).map(({ id }) => id)
  const inFlight = busy.length === 0 ? [] : await store.callsInFlight(busy)
  const workOf = new Map(inFlight.map((work) => [work.container, work]))
  const byVersion = new Map(staged.map(({ version }) => [version, [] as Container[]]))
  for (const container of containers) {
    const own = byVersion.get(container.version)
    if (own) own.push(container)
    else byVersion.set(container.version, [container])
  }
  return [...byVersion].sort(([a], [b]) => b - a).map(([version, own]) => boardRow(app, version, own, workOf))
}

function boardRow(app: App, version: number, own: Container[], workOf: Map<string, InFlight>): BoardRow {
  const count = (state: Container['state']): number =>
    own.filter((container) => container.state === state).length
  const work = own.flatMap(({ id }) => workOf.get(id) ?? [])
  const deadlines = own.flatMap(({ drainDeadline }) => drainDeadline ?? [])
  return {
    version,
    state: stateOf(app, version, own),
    containers: { starting: count('starting'), ready: count('ready'), draining: count('draining') },
    calls: work.reduce((sum, { calls }) => sum + calls, 0),
    requests: own.reduce((sum, { requests }) => sum + requests, 0),
    ...(work.length > 0 && { oldest: Math.min(...work.map(({ oldest }) => oldest)) }),
    ...(deadlines.length > 0 && { deadline: Math.max(...deadlines) }),
  }
}

function stateOf(app: App, version: number, own: Container[]): BoardRow['state'] {
  if (version === app.liveVersion) return 'live'
  if (app.staged?.includes(version)) return 'staged'
  if (own.every(({ state }) => state === 'draining')) return 'draining'
  return version > (app.liveVersion ?? 0) ? 'rolling' : 'pinned'
}
