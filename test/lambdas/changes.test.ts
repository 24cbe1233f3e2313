import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { start } from '../../control/start.ts'
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

test('a plan tells what a deploy would change and drain, and changes nothing', async () => {
  await deployApp(installation, 'shop', { page: { kind: 'web' }, work: {} })
  await installation.container({ app: 'shop', function: 'page' })
  const { store, clock } = installation.ports
  const [container] = await store.containers({ env: 'main', app: 'shop' })
  await store.containerSeen(container?.id ?? '', 3, clock.now())
  // Containers leave, and notes are taken, after the version is live.
  await worked()
  const before = await stateOf('shop')
  const manifest = await manifestOf(installation, 'shop', { page: { kind: 'web', label: 'front' } })
  manifest.bundle.code.sha256 = 'e'.repeat(64)
  const { status, body } = await send(installation, 'plan', { params: { app: 'shop' }, body: { manifest } })
  assert.deepEqual([status, body.from, body.version, body.unchanged], [200, 1, 2, false])
  assert.deepEqual(body.functions, [
    { name: 'page', change: 'changed', fields: [] },
    { name: 'work', change: 'removed', fields: [] },
  ])
  assert.deepEqual(
    body.urls.map(({ before, after }) =>
      [before, after].map((url) => new URL(url ?? '').hostname.split('.')[0]),
    ),
    [['shop-page', 'front']],
  )
  assert.deepEqual(
    body.files.map(({ path }) => path),
    ['bundle.mjs'],
  )
  assert.deepEqual(body.drain, { containers: 1, calls: 0, requests: 3 })
  assert.deepEqual(body.faults, [])
  assert.deepEqual(await stateOf('shop'), before)
})

test('a plan of what is live already says so, and of an app that is not there yet shows all of it', async () => {
  await deployApp(installation, 'same')
  const plan = async (app: string) => {
    const manifest = await manifestOf(installation, app)
    return (await send(installation, 'plan', { params: { app }, body: { manifest } })).body
  }
  const same = await plan('same')
  assert.deepEqual([same.unchanged, same.functions, same.drain.containers], [true, [], 0])
  const fresh = await plan('fresh')
  assert.deepEqual([fresh.unchanged, fresh.version, fresh.from], [false, 1, undefined])
  await refuse(installation, 'getApp', { params: { app: 'fresh' } })
})

test('a plan names every address that the deploy would be refused for', async () => {
  await deployApp(installation, 'owner', { page: { kind: 'web', label: 'taken' } })
  const plan = async (functions: Parameters<typeof manifestOf>[2]) => {
    const manifest = await manifestOf(installation, 'rival', functions)
    return (await send(installation, 'plan', { params: { app: 'rival' }, body: { manifest } })).body.faults
  }
  assert.deepEqual(await plan({ page: { kind: 'web', label: 'taken' } }), [
    { path: 'manifest.functions.page.label', message: '"taken" is the address of owner\'s page' },
  ])
  const [twice] = await plan({ one: { kind: 'web', label: 'both' }, two: { kind: 'web', label: 'both' } })
  assert.equal(twice?.path, 'manifest.functions.two.label')
})

test('a plan names every secret that is missing', async () => {
  const manifest = await manifestOf(installation, 'secretive', { work: { secrets: ['absent'] } })
  const { body } = await send(installation, 'plan', { params: { app: 'secretive' }, body: { manifest } })
  assert.deepEqual(
    body.faults.map(({ path }) => path),
    ['manifest.functions.work.secrets.0'],
  )
  assert.match(body.faults[0]?.message ?? '', /"absent", which environment "main" does not have\. Create it/)
  assert.deepEqual(body.secrets, [{ function: 'work', before: [], after: [{ name: 'absent' }] }])
})

test('a manifest that is not valid is refused by a plan as by a deploy', async () => {
  const manifest = await manifestOf(installation, 'bad', { work: { memory: 1 } })
  const problem = await refuse(installation, 'plan', { params: { app: 'bad' }, body: { manifest } })
  assert.deepEqual([problem.status, problem.code], [400, 'invalid_manifest'])
  const other = await refuse(installation, 'plan', {
    params: { app: 'other' },
    body: { manifest: await manifestOf(installation, 'bad') },
  })
  assert.deepEqual(
    other.errors.map(({ path }) => path),
    ['manifest.app'],
  )
  const unknown = await refuse(installation, 'plan', {
    params: { app: 'bad' },
    body: { manifest: await manifestOf(installation, 'bad'), strategy: 'rolling' },
  })
  assert.deepEqual(
    unknown.errors.map(({ path }) => path),
    ['strategy'],
  )
})

test('two versions are compared, and one with that which is live', async () => {
  for (const timeout of [1, 2, 3]) await deployApp(installation, 'aged', { work: { timeout } })
  const params = { app: 'aged' }
  const between = await send(installation, 'diff', { params, query: { from: 3, to: 1 } })
  assert.deepEqual(between.body.functions[0]?.fields, [{ field: 'timeout', before: 3, after: 1 }])
  const toLive = await send(installation, 'diff', { params, query: { from: 1 } })
  assert.deepEqual([toLive.body.from, toLive.body.to], [1, 3])
  assert.equal((await refuse(installation, 'diff', { params, query: { from: 9 } })).code, 'version_not_found')
  assert.equal(
    (await refuse(installation, 'diff', { params, query: { from: 1, to: 4 } })).code,
    'version_not_found',
  )
  assert.equal((await refuse(installation, 'diff', { params })).code, 'invalid_request')
  assert.equal(
    (await refuse(installation, 'diff', { params: { app: 'none' }, query: { from: 1 } })).code,
    'app_not_found',
  )
})

test('where a rollback would go is told before, as it then goes', async () => {
  for (const timeout of [1, 2]) await deployApp(installation, 'back', { work: { timeout } })
  const params = { app: 'back' }
  const preview = await send(installation, 'previewRollback', { params })
  assert.deepEqual([preview.body.from, preview.body.to], [2, 1])
  assert.deepEqual(preview.body.functions[0]?.fields, [{ field: 'timeout', before: 2, after: 1 }])
  const rolledBack = await send(installation, 'rollback', { params, body: {} })
  assert.equal(rolledBack.body.fromVersion, preview.body.to)
})

test('a stopped app is brought back as a new version of the one that was live last', async () => {
  for (const timeout of [1, 2]) await deployApp(installation, 'again', { work: { timeout } })
  const params = { app: 'again' }
  const refused = await refuse(installation, 'start', { params, body: {} })
  assert.deepEqual([refused.status, refused.code], [409, 'app_not_stopped'])
  assert.match(refused.detail, /deployed already/)

  await stopApp('again')
  const back = await refuse(installation, 'rollback', { params, body: {} })
  assert.deepEqual([back.status, back.code], [409, 'app_stopped'])
  assert.match(back.detail, /`sluice app start again`/)
  const started = await send(installation, 'start', { params, body: { reason: 'spring' } })
  assert.deepEqual(
    [started.body.version, started.body.origin, started.body.fromVersion, started.body.reason],
    [3, 'start', 2, 'spring'],
  )
  const live = await send(installation, 'getVersion', {
    params: { ...params, version: 3 },
    query: { wait: 20 },
  })
  assert.equal(live.body.status, 'live')
  const { body } = await send(installation, 'getApp', { params })
  assert.deepEqual([body.state, body.functions[0]?.spec.timeout], ['deployed', 2])
})

test('an app that still stops is not started, and says so; of two starts one is made', async () => {
  await deployApp(installation, 'slow')
  await installation.container({ app: 'slow' })
  const params = { app: 'slow' }
  await send(installation, 'stop', { params, body: {} })
  const early = await refuse(installation, 'start', { params, body: {} })
  assert.deepEqual([early.code, /still stopping/.test(early.detail)], ['app_not_stopped', true])
  const [container] = await installation.ports.store.containers({ env: 'main', app: 'slow' })
  await installation.ports.store.containerStopped(container?.id ?? '', 'done', 1)
  await stopApp('slow')
  const key = { env: 'main', app: 'slow' }
  const starts = await Promise.allSettled([1, 2].map(() => start(installation.ports, { key, by: 'ada' })))
  assert.deepEqual(starts.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  assert.equal(
    (await refuse(installation, 'start', { params: { app: 'never' }, body: {} })).code,
    'app_not_found',
  )
})

test('how a function is scaled changes without a deploy, outlives deploys, and is said to end with one', async () => {
  await deployApp(installation, 'scaled', { work: { maxContainers: 4 }, other: {} })
  const params = { app: 'scaled', function: 'work' }
  const change = async (body: object) => (await send(installation, 'changeAutoscaler', { params, body })).body
  const active = async () =>
    (await installation.ports.store.containers({ env: 'main', app: 'scaled' })).map((one) => one.function)

  const raised = await change({ minContainers: 2, reason: 'sale' })
  assert.deepEqual([raised.minContainers, raised.maxContainers, raised.version], [2, 4, 1])
  assert.deepEqual([raised.overrides, raised.authored], [{ minContainers: 2 }, ['maxContainers']])
  await worked()
  assert.deepEqual(await active(), ['work', 'work'], 'they are started at once')
  const [entry] = (await installation.ports.store.auditEntries('main', 'scaled', { limit: 1 })).items
  assert.deepEqual(
    [entry?.action, entry?.function, entry?.by, entry?.reason, entry?.before, entry?.after],
    ['autoscaler.changed', 'work', 'ada', 'sale', 'as the manifest has it', 'minContainers 2'],
  )

  await change({ scaledownWindow: 7 })
  const { body: shown } = await send(installation, 'getApp', { params })
  assert.deepEqual(shown.functions[0]?.overrides, { minContainers: 2, scaledownWindow: 7 })
  assert.equal(shown.functions[0]?.spec.minContainers, 2)

  const manifest = await manifestOf(installation, 'scaled', { work: { minContainers: 1 }, other: {} })
  const plan = await send(installation, 'plan', { params, body: { manifest } })
  assert.deepEqual(
    plan.body.pools.map(({ before, after }) => [
      before?.minContainers,
      after?.minContainers,
      after?.scaledownWindow,
    ]),
    [[2, 1, 7]],
  )
  const deployed = await send(installation, 'deploy', { params, body: { manifest } })
  assert.deepEqual(deployed.body.endedOverrides, [
    { function: 'work', field: 'minContainers', before: 2, after: 1 },
  ])
})

test('a function may be named as what every object has: it is planned, deployed, scaled and removed like any other', async () => {
  const params = { app: 'inherits' }
  const patch = (name: string, body: object) =>
    send(installation, 'changeAutoscaler', { params: { ...params, function: name }, body })
  await deployApp(installation, 'inherits')
  await patch('work', { maxContainers: 3 })
  const manifest = await manifestOf(installation, 'inherits', { work: {}, constructor: {}, toString: {} })
  const { body: plan } = await send(installation, 'plan', { params, body: { manifest } })
  assert.deepEqual(
    plan.functions.map(({ name, change }) => [name, change]),
    [
      ['constructor', 'added'],
      ['toString', 'added'],
    ],
  )
  await deployApp(installation, 'inherits', { work: {}, constructor: {}, toString: {} })
  const { body: scaled } = await patch('constructor', { maxContainers: 2 })
  assert.deepEqual(scaled.overrides, { maxContainers: 2 })
  const removed = await deployApp(installation, 'inherits')
  assert.equal(removed, 3)
  const { body: app } = await send(installation, 'getApp', { params })
  assert.deepEqual(
    app.functions.map(({ name, overrides }) => [name, overrides]),
    [['work', { maxContainers: 3 }]],
  )
})

test('a staged version ends what was set by hand as it is promoted, and not before', async () => {
  await deployApp(installation, 'stage')
  const params = { app: 'stage' }
  const patch = { params: { ...params, function: 'work' }, body: { maxContainers: 3 } }
  await send(installation, 'changeAutoscaler', patch)
  const manifest = await manifestOf(installation, 'stage', { work: { maxContainers: 5 } })
  const staged = await send(installation, 'deploy', { params, body: { manifest, staged: true } })
  assert.equal(staged.body.endedOverrides, undefined)
  const { version } = staged.body
  await send(installation, 'getVersion', { params: { ...params, version }, query: { wait: 20 } })
  assert.equal((await send(installation, 'getApp', { params })).body.functions[0]?.spec.maxContainers, 3)
  const promoted = await send(installation, 'promote', { params, body: {} })
  assert.deepEqual(promoted.body.endedOverrides, [
    { function: 'work', field: 'maxContainers', before: 3, after: 5 },
  ])
})

test('a change of the autoscaler that makes no sense is refused, and changes nothing', async () => {
  await deployApp(installation, 'sane', { work: { minContainers: 0, maxContainers: 4 } })
  const refusal = async (body: object, name = 'work', app = 'sane') => {
    const { status, code, errors } = await refuse(installation, 'changeAutoscaler', {
      params: { app, function: name },
      body,
    })
    return [status, code, errors[0]?.path]
  }
  assert.deepEqual(await refusal({ minContainers: 5 }), [400, 'invalid_request', 'minContainers'])
  assert.deepEqual(await refusal({}), [400, 'invalid_request', ''])
  assert.deepEqual(await refusal({ minContainers: -1 }), [400, 'invalid_request', 'minContainers'])
  assert.deepEqual(await refusal({ maxContainers: 0 }), [400, 'invalid_request', 'maxContainers'])
  assert.deepEqual(await refusal({ concurrency: 3 }), [400, 'invalid_request', 'concurrency'])
  assert.deepEqual(await refusal({ minContainers: 1 }, 'wrok'), [404, 'function_not_found', undefined])
  assert.deepEqual(await refusal({ minContainers: 1 }, 'work', 'none'), [404, 'app_not_found', undefined])
  assert.equal((await installation.ports.store.app({ env: 'main', app: 'sane' }))?.autoscaler, undefined)
})

test('an ephemeral app lives for as long as it is kept alive, and then stops by itself', async () => {
  const params = { app: 'brief' }
  const manifest = await manifestOf(installation, 'brief', { page: { kind: 'web' } })
  const ephemeral = { seconds: 300 }
  const deployed = await send(installation, 'deploy', { params, body: { manifest, ephemeral } })
  assert.equal(deployed.body.version, 1)
  await worked()
  const kept = await send(installation, 'keepAlive', { params, body: { seconds: 600 } })
  const { ephemeral: shown } = (await send(installation, 'getApp', { params })).body
  assert.equal(shown?.until, kept.body.until)

  const permanent = await refuse(installation, 'deploy', { params, body: { manifest } })
  assert.deepEqual([permanent.status, permanent.code], [409, 'name_in_use'])
  const again = await send(installation, 'deploy', {
    params,
    body: { manifest, ephemeral: { seconds: 900 } },
  })
  assert.ok((await leaseOf('brief')) > Date.parse(kept.body.until), 'the same once more keeps it alive')
  assert.equal(again.body.version, 1)

  await installation.container({ app: 'brief' })
  await send(installation, 'stop', { params, body: {} })
  const late = await refuse(installation, 'keepAlive', { params, body: { seconds: 60 } })
  assert.deepEqual([late.status, late.code], [409, 'app_stopped'])
})

test('an app that was deployed to stay is not made ephemeral, nor kept alive', async () => {
  const params = { app: 'steady' }
  await deployApp(installation, 'steady')
  const manifest = await manifestOf(installation, 'steady')
  const refusal = async (id: 'deploy' | 'keepAlive', body: object, app = 'steady') => {
    const { status, code } = await refuse(installation, id, { params: { app }, body })
    return [status, code]
  }
  const taken = { manifest, ephemeral: { seconds: 60 } }
  assert.deepEqual(await refusal('deploy', taken), [409, 'name_in_use'])
  await stopApp('steady')
  assert.deepEqual(await refusal('deploy', taken), [409, 'name_in_use'], 'its history would go with it')
  assert.deepEqual(await refusal('keepAlive', { seconds: 60 }), [409, 'not_ephemeral'])
  assert.deepEqual(await refusal('keepAlive', { seconds: 60 }, 'none'), [404, 'app_not_found'])
  assert.deepEqual(await refusal('keepAlive', { seconds: 1 }), [400, 'invalid_request'])
  assert.deepEqual(await refusal('deploy', { manifest, ephemeral: { seconds: 9999 } }), [
    400,
    'invalid_request',
  ])
  assert.equal((await send(installation, 'getApp', { params })).body.ephemeral, undefined)
})

test('tags of an app are shown with it, and a bad one is refused', async () => {
  const manifest = await manifestOf(installation, 'tagged')
  const deployWith = (tags: Record<string, string>) => ({
    params: { app: 'tagged' },
    body: { manifest: { ...manifest, tags } },
  })
  const { body } = await send(installation, 'deploy', deployWith({ team: 'search', 'cost.center': 'R+D' }))
  await send(installation, 'getVersion', {
    params: { app: 'tagged', version: body.version },
    query: { wait: 20 },
  })
  const app = await send(installation, 'getApp', { params: { app: 'tagged' } })
  assert.deepEqual(app.body.tags, { team: 'search', 'cost.center': 'R+D' })
  for (const tags of [{ team: 'x'.repeat(64) }, { 'no good': 'x' }, { team: '' }]) {
    const problem = await refuse(installation, 'deploy', deployWith(tags as Record<string, string>))
    assert.deepEqual([problem.code, problem.errors.length], ['invalid_manifest', 1])
    assert.match(problem.errors[0]?.path ?? '', /^manifest\.tags/)
  }
})

async function leaseOf(app: string): Promise<number> {
  return (await installation.ports.store.app({ env: 'main', app }))?.leaseUntil ?? 0
}

/** Until all has been reconciled. */
function worked(): Promise<void> {
  return installation.idle()
}

/** Stops it, and waits until it has. */
async function stopApp(app: string): Promise<void> {
  const news = installation.ports.events.subscribe([`app:main/${app}`])
  await send(installation, 'stop', { params: { app }, body: {} })
  while ((await installation.ports.store.app({ env: 'main', app }))?.state !== 'stopped')
    assert.ok(await news.next(60_000))
  news.close()
}

async function stateOf(app: string): Promise<unknown> {
  const params = { app }
  const [view, versions] = [
    await send(installation, 'getApp', { params }),
    await send(installation, 'listVersions', { params }),
  ]
  return [view.body, versions.body, await installation.ports.store.label('front')]
}
