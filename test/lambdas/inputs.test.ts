import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { containerToken } from '../../control/access.ts'
import { reconcile } from '../../control/reconcile.ts'
import { deployApp } from './apps.ts'
import { send } from './client.ts'
import { type Installation, install } from './installation.ts'

const KEY = { env: 'main', app: 'shop' }
const LATER_MS = 60_000

let installation: Installation
beforeEach(async () => {
  installation = await install()
})
afterEach(() => installation.close())

test('a hint of a call that only another version may run does not hide the calls behind it', async () => {
  await deployApp(installation, KEY.app)
  const left = await call()
  await deployApp(installation, KEY.app, { other: {} })
  await deployApp(installation, KEY.app)
  const own = await call()
  assert.deepEqual(await inputsOf(await readyContainer(3)), [own])
  assert.deepEqual(await inputsOf(await readyContainer(1)), [left])
})

test('a hint that comes before its call is due does not hide the calls behind it', async () => {
  await deployApp(installation, KEY.app)
  const [early, due] = [await call(), await call()]
  const token = await readyContainer(1)
  const { store, clock } = installation.ports
  const [container] = await store.containers(KEY)
  assert.ok(container)
  await store.claimCall(early, container, 'lost', clock.now())
  const error = { name: 'Error', message: 'again' }
  const again = { availableAt: clock.now() + LATER_MS, failed: true, error, at: clock.now() }
  await store.releaseCall(early, 'lost', again)
  assert.deepEqual(await inputsOf(token), [due])
})

test('a container cannot report what became of another one’s call', async () => {
  await deployApp(installation, KEY.app)
  const id = await call()
  const token = await readyContainer(1)
  const [input] = (await send(installation, 'next', { token, body: { completed: [], free: 1 } })).body.inputs
  const outcome = { status: 'succeeded', result: { json: '"forged"' } }
  const body = { completed: [{ callId: id, lease: input?.lease, outcome }], free: 0 }
  await send(installation, 'next', { token: await installation.container({ app: 'rival' }), body })
  assert.equal((await installation.ports.store.call(id))?.status, 'running')
  await send(installation, 'next', { token, body })
  assert.equal((await installation.ports.store.call(id))?.status, 'succeeded')
})

async function call(): Promise<string> {
  const params = { app: KEY.app, function: 'work' }
  return (await send(installation, 'call', { params, body: { args: [] } })).body.id
}

/** The token of the container that was started for the work there is. */
async function readyContainer(version: number): Promise<string> {
  const { store, keys, clock } = installation.ports
  await reconcile(installation.ports, KEY)
  const container = (await store.containers(KEY)).find((one) => one.version === version)
  assert.ok(container, `v${version} has no container`)
  await store.containerReady(container.id, undefined, clock.now())
  return containerToken(keys, container.id)
}

async function inputsOf(token: string): Promise<string[]> {
  const { body } = await send(installation, 'next', { token, body: { completed: [], free: 1 } })
  return body.inputs.map(({ callId }) => callId)
}
