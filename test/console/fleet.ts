import { closeSync, writeSync } from 'node:fs'
import type { Container } from '../../control/model.ts'
import { openLog } from '../../platforms/local/logs/files.ts'
import type { SqliteStore } from '../../platforms/local/store/store.ts'
import { noUsage, slotOf } from '../../protocol/usage.ts'
import { DAY_MS, type History } from './history.ts'

/** The app that has nearly all there is. */
export const FLEET = 'fleet'

const KEY = { env: 'main', app: FLEET }
const STARTING = 2
const FAILS_EVERY = 20
const CALL_MS = 5
/** When the live version was deployed: what has not become ready is not late yet. */
const LATELY_MS = 60_000

interface Sizes {
  versions: number
  calls: number
  lines: number
  functions: readonly string[]
  /** Containers of one function, by the version that they run. */
  pools: { outdated: number; live: number }
}

/** Where something is told, and as of when. */
export interface Telling {
  store: SqliteStore
  history: History
}

interface Scene extends Telling {
  dir: string
  sizes: Sizes
}

/**
 * Has the live version of the fleet run calls, then hand over to the next one, which is in the middle of that.
 * @param deployNext makes the next version live, at once
 */
export async function populate(scene: Scene, deployNext: () => Promise<number>): Promise<void> {
  const { store, history, sizes } = scene
  const { functions, pools, versions } = sizes
  const outdated: Container[] = []
  for (const name of functions) {
    const pool = { version: versions - 1, name, max: pools.outdated }
    for (let i = 0; i < pools.outdated; i++) outdated.push(await startContainer(scene, pool, i))
  }
  for (const container of outdated) await ready(scene, container)
  const inFlight = outdated.length + functions.length * (pools.live - STARTING)
  for (let i = 0; i < sizes.calls - inFlight; i++)
    await end(scene, await begin(scene, outdated[i % outdated.length]), i)
  for (const container of outdated) {
    await begin(scene, container)
    await report(scene, container)
  }

  history.skipTo(Date.now() - LATELY_MS)
  const live = await deployNext()
  const drain = { deadline: Date.now() + DAY_MS, reason: `v${live} is live`, at: history.pass() }
  for (const { id } of outdated) await store.drainContainer(id, drain)
  for (const name of functions) await fill(scene, { version: live, name, max: pools.live })
  const [writer] = await store.containers(KEY)
  if (writer) write(scene, writer)
}

interface Pool {
  /** The fleet, unless given. */
  app?: string
  version: number
  name: string
  max: number
}

async function fill(scene: Scene, pool: Pool): Promise<void> {
  for (let i = 0; i < pool.max; i++) {
    const container = await startContainer(scene, pool, i)
    if (i < STARTING) continue
    await ready(scene, container)
    await begin(scene, container)
  }
}

export async function startContainer(
  { store, history }: Telling,
  { app = FLEET, version, name, max }: Pool,
  expect: number,
): Promise<Container> {
  const at = history.pass(CALL_MS)
  const container: Container = {
    ...KEY,
    app,
    id: history.id('co'),
    function: name,
    version,
    state: 'starting',
    running: 0,
    requests: 0,
    startedAt: at,
    launched: true,
    seenAt: at,
    cpu: 0.25,
    memory: 512,
  }
  if (!(await store.reserveContainer(container, { expect, max })))
    throw new Error(`There is no room for container ${expect} of ${name}`)
  await store.containerLaunched(container.id)
  await store.containerSeen(container.id, 0, Date.now() + DAY_MS)
  return container
}

/** Readiness is a sign of life as well, of its own time: the one that lies ahead comes after it. */
export async function ready({ store, history }: Telling, { id }: Container): Promise<void> {
  await store.containerReady(id, undefined, history.pass(CALL_MS))
  await store.containerSeen(id, 0, Date.now() + DAY_MS)
}

interface Begun {
  id: string
  lease: string
}

export async function begin({ store, history }: Telling, container: Container | undefined): Promise<Begun> {
  if (!container) throw new Error('There is no container to run the call')
  const [id, lease, createdAt] = [history.id('ca'), history.id('le'), history.pass(CALL_MS)]
  const accepted = await store.acceptCall({
    ...KEY,
    app: container.app,
    id,
    function: container.function,
    acceptedVersion: container.version,
    source: 'api',
    args: { json: JSON.stringify([{ episode: id, quality: 'high' }]) },
    fingerprint: id,
    createdAt,
  })
  const claimed = await store.claimCall(id, container, lease, history.pass(CALL_MS))
  if (accepted.kind !== 'accepted' || !claimed) throw new Error(`The call ${id} was not begun`)
  return { id, lease }
}

export async function end({ store, history }: Telling, { id, lease }: Begun, i: number): Promise<void> {
  const at = history.pass(CALL_MS)
  const failed = i % FAILS_EVERY === 0
  await store.finishCall(
    id,
    lease,
    failed
      ? {
          status: 'failed',
          error: { name: 'Error', message: 'No such codec', stack: 'Error: No such codec' },
          at,
        }
      : { status: 'succeeded', result: { json: `{"frames":${i}}` }, at },
  )
}

async function report({ store, history }: Scene, container: Container): Promise<void> {
  const counts = {
    ...noUsage(),
    calls: 38,
    errors: 2,
    busyMs: 60_000,
    durations: { 40: 38 },
    waits: { 10: 38 },
  }
  await store.containerReported(container, 0, Date.now() + DAY_MS, {
    ...counts,
    sequence: 1,
    at: slotOf(history.now()),
  })
}

function write({ dir, history, sizes: { lines } }: Scene, container: Container): void {
  const log = openLog(dir, { ...container, container: container.id })
  const line = (i: number) =>
    JSON.stringify({
      at: new Date(history.pass(1)).toISOString(),
      source: 'stdout',
      ...KEY,
      function: container.function,
      version: container.version,
      container: container.id,
      line: `frame ${i} of ${lines} encoded`,
    })
  writeSync(log, `${Array.from({ length: lines }, (_, i) => line(i)).join('\n')}\n`)
  closeSync(log)
}
