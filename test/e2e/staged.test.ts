import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { VersionView } from '../../protocol/api.ts'
import type { DrainRow } from '../../protocol/app-view.ts'
import type { AuditEntryView } from '../../protocol/audit.ts'
import { AppFolder } from './app-folder.ts'
import { CallLoad } from './call-load.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'
import { type Visit, WebLoad } from './web-load.ts'

const source = (mark: string) => `
import { App, Period } from 'sluice'

const app = new App('parcels')
const version = process.env.SLUICE_VERSION

/** One place only: what is staged must not take it from what is live. */
export const web = app.web({ minContainers: 1, maxContainers: 1 }, async (request) => {
  const path = new URL(request.url).pathname
  return new Response(path === '/inner' ? await inner.remote() : '${mark} by v' + version)
})

export const inner = app.function({ maxContainers: 1 }, () => '${mark} within v' + version)

export const outer = app.function(() => inner.remote())

export const weekly = app.function({ schedule: Period({ days: ${mark.length} }) }, () => undefined)

export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': source('a') })
  await installation.run('deploy', folder.entry)
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

describe('a staged version', () => {
  before(async () => {
    await folder.write('app.ts', source('bb'))
    const said = await installation.run('deploy', folder.entry, '--staged')
    assert.match(said, /web => http:\/\/parcels-web--v2\.localhost/)
    assert.match(said, /v2 staged in .*What is live stays as it is/)
    assert.match(said, /Promote it: sluice app promote parcels v2/)
  })

  test('answers at an address of its own and to the header, and nobody else sees it', async () => {
    assert.equal(await served('parcels-web--v2'), 'bb by v2')
    assert.equal(await served('parcels-web', '2'), 'bb by v2')
    assert.equal(await served('parcels-web', '1'), 'a by v1')
    assert.equal(await served('parcels-web'), 'a by v1')
    assert.equal((await installation.json('call', 'parcels.inner')).result, 'a within v1')
  })

  test('runs calls that ask for it, and all that those and its web requests call in turn', async () => {
    const asked = await installation.json('call', 'parcels.outer', '--version', 'v2')
    assert.deepEqual([asked.result, asked.version], ['bb within v2', 2])
    assert.equal((await installation.web('parcels-web--v2', '/inner')).body, 'bb within v2')
  })

  test('is shown as staged, and what is live as it was', async () => {
    const view = await installation.json('app', 'describe', 'parcels')
    assert.equal(view.liveVersion, 1)
    assert.deepEqual(Object.keys(view.staged[0].urls), ['web'])
    assert.equal(view.versions.find(({ version }: DrainRow) => version === 2).state, 'staged')
    const table = await installation.run('app', 'describe', 'parcels')
    assert.match(table, /Staged versions[\s\S]*v2 .*parcels-web--v2/)
    assert.match(await installation.run('app', 'history', 'parcels'), /v2 +staged/)
    const schedule = view.functions.find(({ name }: { name: string }) => name === 'weekly').spec.schedule
    assert.equal(schedule.seconds, 86_400)
  })

  test('that is asked for but is not there is answered with those that are', async () => {
    const answer = await installation.web('parcels-web', '/', { headers: { 'sluice-version': '7' } })
    assert.equal(answer.status, 404)
    assert.match(JSON.parse(answer.body).detail, /"7".*v1 and v2 are/)
    const elsewhere = await installation.web('parcels-web--v2', '/', { headers: { 'sluice-version': '1' } })
    assert.equal(elsewhere.status, 404)
  })

  test('that is the same again makes no further version', async () => {
    assert.match(await installation.run('deploy', folder.entry, '--staged'), /no changes since v2/)
  })

  test('outlives a crash of the control plane', async () => {
    await installation.kill()
    await installation.up()
    assert.equal(await served('parcels-web--v2'), 'bb by v2')
    assert.equal(await served('parcels-web'), 'a by v1')
  })

  test('is promoted under load without a failed request, as a new version', async () => {
    const isSaid: Visit['isRight'] = ({ headers, body }) =>
      body === `${headers['sluice-version'] === '1' ? 'a' : 'bb'} by v${headers['sluice-version']}`
    await using web = new WebLoad(installation, 'parcels-web', [() => ({ path: '/', isRight: isSaid })])
    await using calls = new CallLoad(installation, { app: 'parcels', function: 'inner', args: () => [] })
    web.begin({ keptAlive: 4, fresh: 2 })
    calls.begin({ waiting: 2, spawning: 0 })
    const said = await installation.run('app', 'promote', 'parcels', '--reason', 'it looks good')
    assert.match(said, /Promoting v2, as v3\.[\s\S]*Promoted v2! v3 live in/)
    assert.equal(await served('parcels-web'), 'bb by v3')
    await web.end()
    await calls.end()
    const faults = web.visited.filter(({ fault }) => fault !== undefined)
    assert.deepEqual(faults, [])
    assert.deepEqual(calls.refused, [])
    assert.ok(calls.called.every(({ view }) => view.status === 'succeeded'))
    const history = async () => (await installation.json('app', 'history', 'parcels')).items
    const [{ origin, fromVersion, reason, status }] = await history()
    assert.deepEqual([origin, fromVersion, reason, status], ['promote', 2, 'it looks good', 'live'])
    await until('v2 to be staged no more', async () => (await history())[1].status === 'superseded')
    const { items }: { items: AuditEntryView[] } = await installation.json('audit', 'list', 'parcels')
    assert.equal(
      items.find(({ action }) => action === 'version.superseded')?.reason,
      'it was promoted, as v3',
    )
    const story = await installation.run('app', 'logs', 'parcels', '--source', 'system', '--version', '2')
    assert.match(
      story,
      /v2 begins: deploy[\s\S]*v2 is staged: [\s\S]*v2 is staged no more: it was promoted, as v3\./,
    )
  })

  test('has no address any more once it was promoted, but what was pinned to it runs on', async () => {
    await until('its address to be gone', async () => {
      return (await installation.web('parcels-web--v2')).status === 404
    })
    assert.equal((await installation.json('call', 'parcels.outer', '--version', '2')).result, 'bb within v2')
  })
})

describe('what cannot be promoted', () => {
  /** Not the steps of their rollouts: those of the last one may still be going on. */
  const statuses = async () => {
    const { items } = await installation.json('app', 'history', 'parcels')
    return items.map(({ version, status }: VersionView) => [version, status])
  }
  const refusal = async (...args: string[]) => {
    const before = await statuses()
    const { code, stderr } = await installation.cli('app', ...args)
    assert.deepEqual(await statuses(), before)
    return `${code} ${stderr}`
  }

  test('is refused with what it is instead', async () => {
    assert.match(await refusal('promote', 'parcels'), /^1 .*no staged version.*deploy --staged/s)
    assert.match(await refusal('promote', 'parcels', 'v3'), /^1 .*v3 of parcels is live already/s)
    assert.match(await refusal('promote', 'parcels', 'v2'), /^1 .*staged no more/s)
    assert.match(await refusal('promote', 'parcels', 'v1'), /^1 .*sluice app rollback/s)
    assert.match(
      await refusal('promote', 'parcels', 'v9'),
      /^1 .*parcels has no v9; its versions go from v1 to v3/s,
    )
    assert.match(await refusal('unstage', 'parcels', 'v3'), /^1 .*live already/s)
    assert.match(await refusal('promote', 'nothing'), /^1 .*no app "nothing"/s)
    const unknown = await installation.api('POST', '/v1/apps/parcels/promote', { versoin: 2 })
    assert.equal(unknown.status, 400)
  })

  test('is what was staged before a later version went live, unless it is named', async () => {
    await folder.write('app.ts', source('ccc'))
    await installation.run('deploy', folder.entry, '--staged')
    await folder.write('app.ts', source('dddd'))
    await installation.run('deploy', folder.entry)
    assert.equal(await served('parcels-web--v4'), 'ccc by v4')
    assert.match(await refusal('promote', 'parcels'), /v4 of parcels was staged before v5, which is live/)
    assert.match(await refusal('rollback', 'parcels', 'v4'), /`sluice app promote`/)
    await installation.run('app', 'promote', 'parcels', 'v4')
    assert.equal(await served('parcels-web'), 'ccc by v6')
  })

  test('is what was given up: its address goes, and so it does when the app is stopped', async () => {
    await folder.write('app.ts', source('eeeee'))
    await installation.run('deploy', folder.entry, '--staged')
    assert.match(await installation.run('app', 'unstage', 'parcels', 'v7'), /v7 of parcels is staged no more/)
    assert.match(await refusal('promote', 'parcels', 'v7'), /staged no more/)
    await installation.run('deploy', folder.entry, '--staged')
    assert.equal(await served('parcels-web--v8'), 'eeeee by v8')
    assert.equal((await installation.web('parcels-web--v7')).status, 404)
    await installation.run('app', 'stop', 'parcels', '--yes')
    assert.equal((await installation.web('parcels-web--v8')).status, 404)
    assert.match(await refusal('promote', 'parcels', 'v8'), /staged no more/)
  })

  test('before anything is live, a staged version can be called and visited, and then promoted', async () => {
    await folder.write('app.ts', source('f').replace("'parcels'", "'fresh'"))
    await installation.run('deploy', folder.entry, '--staged')
    assert.equal(await served('fresh-web--v1'), 'f by v1')
    assert.equal((await installation.json('call', 'fresh.outer', '--version', '1')).result, 'f within v1')
    assert.equal((await installation.web('fresh-web')).status, 404)
    const unpinned = await installation.cli('call', 'fresh.inner')
    assert.equal(unpinned.code, 1)
    await installation.run('app', 'promote', 'fresh')
    assert.equal(await served('fresh-web'), 'f by v2')
  })
})

async function served(label: string, version?: string): Promise<string> {
  const headers = version === undefined ? {} : { 'sluice-version': version }
  return (await installation.web(label, '/', { headers })).body
}
