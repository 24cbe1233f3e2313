import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deployApp } from './apps.ts'
import { refuse, send } from './client.ts'
import { type Installation, install } from './installation.ts'

let installation: Installation
before(async () => {
  installation = await install()
})
after(() => installation.close())

test('every change of an app is told, with who made it and why, also once it is stopped', async () => {
  const params = { app: 'shop' }
  await deployApp(installation, 'shop', { work: { env: { N: '1' } } })
  await deployApp(installation, 'shop', { work: { env: { N: '2' } } })
  const back = await send(installation, 'rollback', { params, body: { reason: 'worse', client: 'curl' } })
  const { version } = back.body
  await send(installation, 'getVersion', { params: { ...params, version }, query: { wait: 20 } })
  await send(installation, 'stop', { params, body: { reason: 'over', client: 'curl' } })
  const { body } = await send(installation, 'listAudit', { query: params })
  assert.deepEqual(
    body.items
      .filter(({ action }) => action !== 'app.stopped')
      .map(({ action, version, by, client, reason, before, after }) =>
        [action, version, by, client, reason, before, after].filter((cell) => cell !== undefined),
      ),
    [
      ['app.stopping', 3, 'ada', 'curl', 'over', 'v3'],
      ['version.live', 3, 'ada', 'curl', 'v2', 'v3'],
      ['version.begun', 3, 'ada', 'curl', 'worse', 'rollback of v1'],
      ['version.live', 2, 'ada', 'api', 'v1', 'v2'],
      ['version.begun', 2, 'ada', 'api', 'deploy'],
      ['version.live', 1, 'ada', 'api', 'v1'],
      ['version.begun', 1, 'ada', 'api', 'deploy'],
    ],
  )
})

test('a container that a person stops is told of once, with whose it was', async () => {
  await deployApp(installation, 'kept')
  const id = installation.ports.ids.next('co')
  await installation.container({ id, app: 'kept' })
  for (const _ of [1, 2])
    await send(installation, 'stopContainer', { params: { id }, body: { graceful: true } })
  const { body } = await send(installation, 'listAudit', { query: { app: 'kept' } })
  const told = body.items.filter(({ action }) => action === 'container.stopped')
  assert.deepEqual(
    told.map(({ subject, function: name, version, by, after }) => [subject, name, version, by, after]),
    [[id, 'work', 1, 'ada', 'draining']],
  )
})

test('an environment’s record holds all of its apps, in pages, and nothing of others', async () => {
  // What came before is told of to its end.
  await installation.idle()
  for (const app of ['one', 'two']) await deployApp(installation, app)
  const first = await send(installation, 'listAudit', { query: { limit: 3 } })
  const next = await send(installation, 'listAudit', { query: { limit: 1, cursor: first.body.cursor ?? '' } })
  const apps = [...first.body.items, ...next.body.items].map(({ app }) => app)
  assert.deepEqual(apps, ['two', 'two', 'one', 'one'])
  const other = await send(installation, 'listAudit', { query: { env: 'elsewhere' } })
  assert.deepEqual(other.body.items, [])
})

test('what asks for no record is refused with the reason', async () => {
  const unknown = await refuse(installation, 'listAudit', { query: { app: 'shup' } })
  assert.deepEqual([unknown.status, unknown.code], [404, 'app_not_found'])
  for (const query of [{ cursor: 'x' }, { limit: 0 }, { limit: 201 }, { apps: 'shop' }, { app: '../x' }]) {
    const problem = await refuse(installation, 'listAudit', { query: query as Record<string, string> })
    assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'], JSON.stringify(query))
  }
})
