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

/** Everything that people ask about an app at one moment. */
export async function describeApp(ports: Needs<'clock' | 'store'>, app: App): Promise<Description> {
  const key = keyOf(app)
  const live = app.liveVersion === undefined ? undefined : await ports.store.version(key, app.liveVersion)
  const lastVersion = await ports.store.version(key, app.lastVersion)
  const containers = await ports.store.containers(key)
  const demand = await ports.store.demand(key, ports.clock.now())
  const staged = await stagedVersions(ports, app)
  const shown = [...containers, ...staged].map(({ version }) => version)
  const numbers = [...new Set(shown)].sort((a, b) => b - a)
  const rows = await Promise.all(numbers.map((number) => boardRow(ports, app, number, containers)))
  return {
    app,
    ...(live && { live: inEffect(app, live) }),
    ...(lastVersion && { lastVersion }),
    staged,
    containers,
    demand,
    rows,
  }
}

async function boardRow(
  ports: Needs<'store'>,
  app: App,
  version: number,
  all: Container[],
): Promise<BoardRow> {
  const own = all.filter((container) => container.version === version)
  const count = (state: Container['state']): number =>
    own.filter((container) => container.state === state).length
  const calls = (await Promise.all(own.map(({ id }) => ports.store.runningCalls(id)))).flat()
  const begun = calls.flatMap(({ startedAt }) => startedAt ?? [])
  const deadlines = own.flatMap(({ drainDeadline }) => drainDeadline ?? [])
  return {
    version,
    state: stateOf(app, version, own),
    containers: { starting: count('starting'), ready: count('ready'), draining: count('draining') },
    calls: calls.length,
    requests: own.reduce((sum, { requests }) => sum + requests, 0),
    ...(begun.length > 0 && { oldest: Math.min(...begun) }),
    ...(deadlines.length > 0 && { deadline: Math.max(...deadlines) }),
  }
}

function stateOf(app: App, version: number, own: Container[]): BoardRow['state'] {
  if (version === app.liveVersion) return 'live'
  if (app.staged?.includes(version)) return 'staged'
  if (own.every(({ state }) => state === 'draining')) return 'draining'
  return version > (app.liveVersion ?? 0) ? 'rolling' : 'pinned'
}
