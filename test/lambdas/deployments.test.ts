import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deployApp, manifestOf } from './apps.ts'
import { refuse, send } from './client.ts'
import { type Installation, install } from './installation.ts'

let installation: Installation
before(async () => {
  installation = await install()
})
after(async () => {
  assert.deepEqual(installation.failures, [])
  await installation.close()
})

test('a deploy answers its version at once, and a wait for it ends when it is live', async () => {
  const params = { app: 'first' }
  const manifest = await manifestOf(installation, 'first', { site: { kind: 'web' }, work: {} })
  const commit = { hash: 'c0ffee', branch: 'trunk', dirty: true }
  const deployed = await send(installation, 'deploy', {
    params,
    body: { manifest, tag: 'spring', commit, client: 'cli/0.1' },
  })
  assert.equal(deployed.status, 202)
  const { version, status, deployedBy } = deployed.body
  assert.deepEqual({ version, status, deployedBy }, { version: 1, status: 'rolling', deployedBy: 'ada' })
  const live = await send(installation, 'getVersion', { params: { ...params, version }, query: { wait: 20 } })
  assert.equal(live.body.status, 'live')
  assert.deepEqual(live.body.commit, commit)
  assert.deepEqual([live.body.tag, live.body.client], ['spring', 'cli/0.1'])
  assert.match(live.body.urls.site ?? '', /^http:\/\/first-site\./)
  assert.equal(live.body.page, 'http://console.test/apps/main/first')
  assert.ok(live.body.rollout.some(({ step, state }) => step === 'cutover' && state === 'done'))
})

test('a deploy that changes nothing answers the live version, and says so', async () => {
  const version = await deployApp(installation, 'same')
  const manifest = await manifestOf(installation, 'same')
  const again = await send(installation, 'deploy', { params: { app: 'same' }, body: { manifest } })
  assert.deepEqual([again.status, again.body.version, again.body.unchanged], [200, version, true])
})

test('a deploy names the first of the files that were not uploaded', async () => {
  const manifest = await manifestOf(installation, 'files')
  manifest.bundle.code.sha256 = 'b'.repeat(64)
  const problem = await refuse(installation, 'deploy', { params: { app: 'files' }, body: { manifest } })
  assert.deepEqual([problem.status, problem.code], [409, 'blob_missing'])
  assert.match(problem.detail, /b{64}/)
})

test('which files are missing, and where they go, is answered before a deploy', async () => {
  const { bundle } = await manifestOf(installation, 'files')
  const absent = 'd'.repeat(64)
  const { body } = await send(installation, 'missingBlobs', {
    body: { sha256: [bundle.code.sha256, absent] },
  })
  assert.deepEqual(
    body.missing.map(({ sha256 }) => sha256),
    [absent],
  )
})

test('an app tells what it is made of, and when it was made', async () => {
  const version = await deployApp(installation, 'told', { site: { kind: 'web', label: 'hello' }, work: {} })
  const { body } = await send(installation, 'getApp', { params: { app: 'told' } })
  assert.deepEqual([body.name, body.env, body.state, body.liveVersion], ['told', 'main', 'deployed', version])
  assert.deepEqual(Object.keys(body.urls), ['site'])
  assert.match(body.urls.site ?? '', /^http:\/\/hello\./)
  assert.deepEqual(body.functions.map(({ name }) => name).sort(), ['site', 'work'])
  assert.equal(body.stoppedAt, undefined)
  assert.equal(body.lastRollout?.version, version)
})

test('an app that does not exist is told with the nearest name', async () => {
  await deployApp(installation, 'podcast-search')
  const problem = await refuse(installation, 'getApp', { params: { app: 'podcast-serch' } })
  assert.deepEqual([problem.status, problem.code], [404, 'app_not_found'])
  assert.match(problem.detail, /"podcast-search"/)
  const abroad = await refuse(installation, 'getApp', { params: { app: 'x' }, query: { env: 'staging' } })
  assert.match(abroad.detail, /See `sluice app list --env staging`/)
})

test('a label that another app has is told with its owner and with who would have it', async () => {
  await deployApp(installation, 'owner', { site: { kind: 'web' } })
  const manifest = await manifestOf(installation, 'rival', { page: { kind: 'web', label: 'owner-site' } })
  const problem = await refuse(installation, 'deploy', { params: { app: 'rival' }, body: { manifest } })
  assert.deepEqual([problem.status, problem.code], [409, 'label_taken'])
  assert.match(problem.detail, /page cannot have the address "owner-site": it is that of owner's site/)
})

test('lists come in pages, each thing once', async () => {
  for (const app of ['page-a', 'page-b', 'page-c']) await deployApp(installation, app)
  const names: string[] = []
  let cursor: string | undefined
  do {
    const query = { limit: 2, ...(cursor !== undefined && { cursor }) }
    const { body } = await send(installation, 'listApps', { query })
    assert.ok(body.items.length <= 2)
    names.push(...body.items.map(({ name }) => name))
    cursor = body.cursor
  } while (cursor !== undefined)
  assert.deepEqual(names, [...new Set(names)].sort())
  assert.ok(['page-a', 'page-b', 'page-c'].every((name) => names.includes(name)))
})

test('history is newest first, and a rollback is a version of its own', async () => {
  const params = { app: 'past' }
  await deployApp(installation, 'past', { work: { env: { N: '1' } } })
  await deployApp(installation, 'past', { work: { env: { N: '2' } } })
  const back = await send(installation, 'rollback', { params, body: { reason: 'worse' } })
  const { version, origin, fromVersion, reason } = back.body
  assert.deepEqual(
    { version, origin, fromVersion, reason },
    { version: 3, origin: 'rollback', fromVersion: 1, reason: 'worse' },
  )
  await send(installation, 'getVersion', { params: { ...params, version }, query: { wait: 20 } })
  const over = await send(installation, 'rollover', { params })
  assert.deepEqual([over.body.version, over.body.origin, over.body.fromVersion], [4, 'rollover', 3])
  const { body } = await send(installation, 'listVersions', { params })
  assert.deepEqual(
    body.items.map((item) => item.version),
    [4, 3, 2, 1],
  )
})

test('a rollback to a version that never was is refused', async () => {
  await deployApp(installation, 'young')
  const problem = await refuse(installation, 'rollback', { params: { app: 'young' }, body: { version: 9 } })
  assert.deepEqual([problem.status, problem.code], [404, 'version_not_found'])
  assert.match(problem.detail, /young has no v9; its only version is v1\./)
})

test('a stopped app takes no call, and stopping it again changes nothing', async () => {
  const params = { app: 'done', function: 'work' }
  await deployApp(installation, 'done')
  const stopped = await send(installation, 'stop', { params, body: { reason: 'over' } })
  assert.notEqual(stopped.body.state, 'deployed')
  assert.deepEqual([stopped.body.stoppedBy, stopped.body.stopReason], ['ada', 'over'])
  const problem = await refuse(installation, 'call', { params, body: { args: [] } })
  assert.deepEqual([problem.status, problem.code], [409, 'app_stopped'])
  const again = await send(installation, 'stop', { params })
  assert.equal(again.body.stopReason, 'over')
})

test('fifty deploys at once get fifty numbers, and the highest goes live', async () => {
  const params = { app: 'busy' }
  const deploys = Array.from({ length: 50 }, async (_, i) => {
    const manifest = await manifestOf(installation, 'busy', { work: { env: { N: `${i}` } } })
    return (await send(installation, 'deploy', { params, body: { manifest } })).body.version
  })
  const numbers = (await Promise.all(deploys)).sort((a, b) => a - b)
  assert.deepEqual(
    numbers,
    Array.from({ length: 50 }, (_, i) => i + 1),
  )
  const last = await send(installation, 'getVersion', {
    params: { ...params, version: 50 },
    query: { wait: 20 },
  })
  assert.equal(last.body.status, 'live')
})
