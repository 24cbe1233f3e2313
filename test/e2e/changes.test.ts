import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AppFolder } from './app-folder.ts'
import { untilHandedOver } from './handed-over.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'

const FIRST = `
import { App, Period } from 'sluice'
const app = new App('shelf')
export const site = app.web({ files: { '/pages': './pages' } }, () => new Response('first'))
export const tidy = app.function({ schedule: Period({ hours: 1 }) }, () => {})
export default app
`
const SECOND = `
import { App } from 'sluice'
const app = new App('shelf', { tags: { team: 'books' } })
export const site = app.web({ minContainers: 1, timeout: '9s', files: { '/pages': './pages' } }, () => new Response('second'))
export const sort = app.function(() => {})
export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': FIRST, 'pages/index.html': 'one' })
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

describe('what a change would do', () => {
  test('is told before the first deploy, which is not made', async () => {
    const said = await installation.run('deploy', folder.entry, '--plan')
    assert.match(said, /^A deploy of shelf would make v1 \(nothing of it is live\):\n {2}\+ function site\n/)
    assert.match(said, /\n {2}\+ tidy runs every 1h\n/)
    assert.match(said, /\nNo containers run now, so none is replaced\.\n$/)
    assert.deepEqual((await installation.json('app', 'list')).items, [])
  })

  test('is told of a change: functions, settings, schedules, pools and files, and what would be outdated', async () => {
    await installation.run('deploy', folder.entry)
    assert.equal((await installation.web('shelf-site')).body, 'first')
    await untilHandedOver(installation, 'shelf', 1)
    const live = await installation.api('GET', '/v1/apps/shelf/versions')
    await folder.write('app.ts', SECOND)
    await folder.write('pages/index.html', 'two!')

    const lines = (await installation.run('deploy', folder.entry, '--plan')).trimEnd().split('\n')
    assert.equal(lines[0], 'A deploy of shelf would make v2 (v1 is live):')
    for (const line of [
      '  + tags.team books',
      '  ~ site: timeout 300 → 9',
      '  + function sort',
      '  - function tidy',
      '  - tidy runs every 1h',
      '  ~ site: minContainers 0 → 1',
      '  ~ file /pages/index.html (3 bytes → 4 bytes)',
    ])
      assert.ok(lines.includes(line), `${line} is among\n${lines.join('\n')}`)
    assert.match(lines.at(-1) ?? '', /^1 container would be outdated/)
    assert.deepEqual((await installation.api('GET', '/v1/apps/shelf/versions')).body, live.body)

    const plan = await installation.json('deploy', folder.entry, '--plan')
    assert.deepEqual([plan.version, plan.unchanged, plan.faults], [2, false, []])
    await installation.run('deploy', folder.entry)
    assert.match(
      await installation.run('deploy', folder.entry, '--plan'),
      /would change nothing: v2 of shelf/,
    )
  })

  test('fails where the deploy would be refused, and says for what', async () => {
    await using rival = await AppFolder.create({
      'app.ts': `import { App } from 'sluice'
const app = new App('rival')
export const page = app.web({ label: 'shelf-site' }, () => new Response('mine'))
export default app`,
    })
    const { code, stderr } = await installation.cli('deploy', rival.entry, '--plan')
    assert.equal(code, 1)
    assert.match(
      stderr,
      /It would be refused:\n {2}functions\.page\.label "shelf-site" is the address of shelf's site\n/,
    )
  })

  test('is told of two versions, in either direction, and by default up to that which is live', async () => {
    assert.match(
      await installation.run('app', 'diff', 'shelf', 'v1'),
      /^From v1 to v2 of shelf:\n {2}\+ tags\.team books\n {2}~ site: timeout 300 → 9\n/,
    )
    assert.match(
      await installation.run('app', 'diff', 'shelf', '2', '1'),
      /^From v2 to v1 of shelf:\n {2}- tags\.team books\n {2}~ site: timeout 9 → 300\n/,
    )
    assert.equal(
      await installation.run('app', 'diff', 'shelf', 'v2', 'v2'),
      'From v2 to v2 of shelf: no difference.\n',
    )
    assert.deepEqual(
      (await installation.json('app', 'diff', 'shelf', '1', '2')).pools[0]?.after?.minContainers,
      1,
    )
    const { code, stderr } = await installation.cli('app', 'diff', 'shelf', 'v1', 'v7')
    assert.deepEqual([code, stderr.includes('shelf has no v7; its versions go from v1 to v2.')], [1, true])
    assert.equal((await installation.cli('app', 'diff', 'shelf', 'newest')).code, 2)
  })

  test('is told before a rollback, which then goes there', async () => {
    const said = await installation.run('app', 'rollback', 'shelf')
    assert.match(said, /^From v2 back to v1:\n {2}- tags\.team books\n {2}~ site: timeout 9 → 300\n/)
    assert.match(said, /\n✓ Rolling back to v1, as v3\.\n/)
    assert.equal((await installation.web('shelf-site')).body, 'first')
  })
})

describe('an app that was stopped', () => {
  test('is no longer rolled back, but started again as it was live last, tags and all', async () => {
    await installation.run('deploy', folder.entry)
    await installation.run('app', 'stop', 'shelf')
    await until('the app to have stopped', async () => (await appView()).state === 'stopped')
    assert.equal((await installation.web('shelf-site')).status, 404)
    const { code, stderr } = await installation.cli('app', 'rollback', 'shelf')
    assert.equal(code, 1)
    assert.equal(
      stderr,
      '✗ shelf is stopped. Bring it back with `sluice app start shelf`, or deploy it again.\n',
    )

    const said = await installation.run('app', 'start', 'shelf', '--reason', 'spring')
    assert.match(said, /^✓ Starting v4, as v5\.\n✓ App started! v5 live in/)
    const { body, headers } = await installation.web('shelf-site')
    assert.deepEqual([body, headers['sluice-version']], ['second', '5'])
    assert.match(await installation.run('app', 'history', 'shelf'), /\nv5 +live .* start of v4 +spring\n/)
    assert.match(await installation.run('app', 'list'), /\nshelf .* team=books /)
    assert.match(await installation.run('app', 'describe', 'shelf'), /\nTags: team=books\n/)
    const again = await installation.cli('app', 'start', 'shelf')
    assert.deepEqual([again.code, /shelf is deployed already/.test(again.stderr)], [1, true])
  })
})

async function appView() {
  return installation.json('app', 'describe', 'shelf')
}
