import assert from 'node:assert/strict'
import { containerToken } from '../../control/access.ts'
import { sweep } from '../../control/sweep.ts'
import { ready, startContainer } from '../../test/console/fleet.ts'
import { History } from '../../test/console/history.ts'
import { manifestOf } from '../../test/lambdas/apps.ts'
import { type Sent, send } from '../../test/lambdas/client.ts'
import { KEY, type Scene, SUBJECT } from './scene.ts'

/** Each list is asked for a page that is full, however little there is. */
const PAGE = 10

/** Something that people or the control plane do again and again. */
export interface Operation<Given = unknown> {
  name: string
  /** What it takes, which is not counted. */
  prepare(scene: Scene): Promise<Given>
  run(scene: Scene, given: Given): Promise<void>
}

type ListId = 'listApps' | 'listVersions' | 'listCalls' | 'listContainers' | 'getApp'

const list = (name: string, id: ListId, query: NonNullable<Sent['query']> = { limit: PAGE }): Operation => ({
  name,
  prepare: async () => undefined,
  run: async ({ installation }) => {
    await send(installation, id, { ...(id !== 'listApps' && { params: { app: SUBJECT } }), query })
  },
})

const deploy: Operation<object> = {
  name: 'deploy, until live',
  prepare: async (scene) => {
    await leaveNothingRunning(scene)
    return manifestOf(scene.installation, SUBJECT, scene.revision())
  },
  run: async (scene, manifest) => {
    const before = await liveAfter(scene)
    await send(scene.installation, 'deploy', { params: { app: SUBJECT }, body: { manifest } })
    assert.equal(await liveAfter(scene), before + 1)
  },
}

const rollback: Operation = {
  name: 'roll back, until live',
  prepare: leaveNothingRunning,
  run: async (scene) => {
    const before = await liveAfter(scene)
    await send(scene.installation, 'rollback', { params: { app: SUBJECT }, body: {} })
    assert.equal(await liveAfter(scene), before + 1)
  },
}

const stopAndStart: Operation = {
  name: 'stop, and start again',
  prepare: leaveNothingRunning,
  run: async (scene) => {
    const before = await liveAfter(scene)
    for (const verb of ['stop', 'start'] as const) {
      await send(scene.installation, verb, { params: { app: SUBJECT }, body: {} })
      await scene.installation.idle()
    }
    assert.equal(await scene.liveVersion(), before + 1)
  },
}

/** Accepted, claimed by a container that was idle, and ended. */
const call: Operation<string> = {
  name: 'call, until ended',
  prepare: async (scene) => {
    await leaveNothingRunning(scene)
    const { store, keys } = scene.installation.ports
    const telling = { store: scene.meter.store, history: new History(Date.now()) }
    const pool = { app: SUBJECT, version: await scene.liveVersion(), name: 'work', max: 1 }
    const container = await startContainer(telling, pool, 0)
    await ready(telling, container)
    assert.equal((await store.container(container.id))?.state, 'ready')
    return containerToken(keys, container.id)
  },
  run: async ({ installation }, token) => {
    const params = { app: SUBJECT, function: 'work' }
    const { body } = await send(installation, 'call', { params, body: { args: [] } })
    await installation.idle()
    const next = (completed: object[], free: number) =>
      send(installation, 'next', { token, body: { completed, free } })
    const [input] = (await next([], 1)).body.inputs
    assert.equal(input?.callId, body.id)
    const outcome = { status: 'succeeded', result: { json: '{"frames":1}' } }
    await next([{ callId: body.id, lease: input?.lease, outcome }], 0)
    await installation.idle()
  },
}

/** Those that ended long ago are forgotten with it. */
const makeToken: Operation = {
  name: 'make a token',
  prepare: async () => undefined,
  run: async ({ installation }) => {
    await send(installation, 'createToken', { body: { name: 'robot', role: 'viewer', expiresIn: 3_600 } })
  },
}

const tick: Operation = {
  name: 'sweep',
  prepare: async () => undefined,
  run: ({ installation: { ports } }) => sweep({ ...ports, listeningSince: 0 }),
}

const LISTS: Operation[] = [
  list('list apps', 'listApps'),
  list('show the app', 'getApp', {}),
  list('list versions', 'listVersions'),
  list('list calls', 'listCalls'),
  list('list failed calls', 'listCalls', { limit: PAGE, status: 'failed' }),
  list('list containers', 'listContainers'),
]

export const OPERATIONS = [deploy, rollback, stopAndStart, call, tick, makeToken, ...LISTS] as Operation[]

/** What a deploy hands over is not what it is to be measured by. */
export const WITHOUT_HANDOVER = OPERATIONS.filter(
  (operation) => ![deploy, rollback, stopAndStart].includes(operation),
)

async function liveAfter(scene: Scene): Promise<number> {
  await scene.installation.idle()
  return scene.liveVersion()
}

/** Of `work`, which is deployed anew again and again. */
async function leaveNothingRunning({ meter: { store } }: Scene): Promise<void> {
  for (const { id, function: name } of await store.containers(KEY))
    if (name === 'work') await store.containerStopped(id, 'was replaced', Date.now())
}
