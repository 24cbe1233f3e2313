import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { userInfo } from 'node:os'
import { after, before, describe, test } from 'node:test'
import type { VersionView } from '../../protocol/api.ts'
import type { AppView } from '../../protocol/app-view.ts'
import type { AuditEntryView } from '../../protocol/audit.ts'
import { AppFolder } from './app-folder.ts'
import { untilHandedOver } from './handed-over.ts'
import { Installation } from './installation.ts'

const source = (mark: string) => `
import { App } from 'sluice'

const app = new App('shop')

export const web = app.web(() => new Response('${mark}'))

export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': source('one'), '.gitignore': 'node_modules\n' })
  git('init', '--initial-branch', 'trunk')
  commit('The first version')
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

describe('an app that is deployed again and again', () => {
  test('goes live as v1, then with a change as v2, and says where', async () => {
    const first = await installation.run('deploy', folder.entry)
    const url = `http://shop-web.localhost:${installation.ingressPort}`
    assert.match(first, /^✓ Initialized\. View app page at http\S+\/apps\/main\/shop\n✓ Created objects\.\n/)
    assert.ok(first.includes(`└── 🔨 Created web => ${url}\n✓ App deployed! v1 live in `), first)
    assert.equal((await installation.web('shop-web')).body, 'one')

    await folder.write('app.ts', source('two'))
    const second = await installation.run('deploy', folder.entry, '--tag', 'spring')
    assert.match(second, /✓ App deployed! v2 live in/)
    const { body, headers } = await installation.web('shop-web')
    assert.deepEqual([body, headers['sluice-version']], ['two', '2'])
  })

  test('makes no version where nothing changed, and says so', async () => {
    commit('The second version')
    assert.match(await installation.run('deploy', folder.entry), /Deployment skipped: no changes since v2\./)
    const { version, unchanged } = await installation.json('deploy', folder.entry)
    assert.deepEqual([version, unchanged], [2, true])
    assert.equal((await history()).length, 2)
  })

  test('has a history: what was deployed when, by whom, of which commit, and where it came from', async () => {
    await installation.run('app', 'rollback', 'shop', '--reason', 'too soon')
    const versions = await history()
    assert.deepEqual(
      versions.map(({ version, status, origin, fromVersion, tag, deployedBy, reason }) => ({
        version,
        status,
        origin,
        fromVersion,
        tag,
        deployedBy,
        reason,
      })),
      [
        {
          version: 3,
          status: 'live',
          origin: 'rollback',
          fromVersion: 1,
          tag: undefined,
          deployedBy: userInfo().username,
          reason: 'too soon',
        },
        {
          version: 2,
          status: 'superseded',
          origin: 'deploy',
          fromVersion: undefined,
          tag: 'spring',
          deployedBy: userInfo().username,
          reason: undefined,
        },
        {
          version: 1,
          status: 'superseded',
          origin: 'deploy',
          fromVersion: undefined,
          tag: undefined,
          deployedBy: userInfo().username,
          reason: undefined,
        },
      ],
    )
    const [rolledBack, changed, original] = versions
    const hash = git('rev-parse', 'HEAD~1').trim()
    assert.deepEqual(original?.commit, { hash, branch: 'trunk', dirty: false, author: 'Ada Lovelace' })
    assert.deepEqual(changed?.commit, { ...original?.commit, dirty: true })
    assert.deepEqual(rolledBack?.commit, original?.commit)

    const lines = (await installation.run('app', 'history', 'shop')).trim().split('\n')
    const short = hash.slice(0, 7)
    assert.match(
      lines[0] ?? '',
      /^Version +Status +Time deployed +Deployed by +Client +Commit +Tag +Origin +Reason$/,
    )
    assert.match(lines[1] ?? '', new RegExp(`^v3 +live .* ${short} +rollback of v1 +too soon$`))
    assert.match(lines[2] ?? '', new RegExp(`^v2 +superseded .* ${short}\\* +spring +deploy$`))
    assert.match(
      lines[3] ?? '',
      new RegExp(
        `^v1 +superseded +${localTime(original)} +${userInfo().username} +sluice-cli/\\S+ +${short} +deploy$`,
      ),
    )
  })

  test('is listed with its state, its live version and its containers', async () => {
    await untilHandedOver(installation, 'shop', 3)
    const { items }: { items: AppView[] } = await installation.json('app', 'list')
    const [shop] = items
    assert.deepEqual(
      [items.length, shop?.name, shop?.state, shop?.liveVersion, shop?.containers.ready],
      [1, 'shop', 'deployed', 3, 1],
    )
    const [head, line] = (await installation.run('app', 'list')).split('\n')
    assert.match(head ?? '', /^App +State +Live +Containers +Created +URL$/)
    assert.match(line ?? '', /^shop +deployed +v3 +1\b.* http:\/\/shop-web\.localhost:\d+$/)
  })

  test('keeps its history when it is stopped, with the stop and who asked for it', async () => {
    await installation.run('app', 'stop', 'shop', '--yes', '--reason', 'out of season')
    const lines = (await installation.run('app', 'history', 'shop')).trim().split('\n')
    const { username } = userInfo()
    assert.match(lines[1] ?? '', new RegExp(`^ +stopped .* ${username} +sluice-cli/\\S+ .* out of season$`))
    assert.match(lines[2] ?? '', /^v3 +superseded .* rollback of v1 +too soon$/)

    const { items }: { items: AuditEntryView[] } = await installation.json('audit', 'list', 'shop')
    const changes = items.filter(({ action }) => action !== 'app.stopped')
    assert.deepEqual(
      changes.map(({ action, version }) => `${action} v${version}`),
      ['app.stopping v3', ...[3, 2, 1].flatMap((v) => [`version.live v${v}`, `version.begun v${v}`])],
    )
    const told = await installation.run('audit', 'list', '--limit', '3')
    assert.match(told, /^Time +App +Version +Change .*\n(.*\n)?\S+ \S+ +shop +v3 .* out of season$/m)
    assert.match(told, /\nThere are more: add --cursor \S+\n$/)
  })
})

async function history(): Promise<VersionView[]> {
  return (await installation.json('app', 'history', 'shop')).items
}

function commit(message: string): void {
  git('add', '.')
  git(
    '-c',
    'user.name=Ada Lovelace',
    '-c',
    'user.email=ada@example.org',
    '-c',
    'commit.gpgsign=false',
    'commit',
    '--message',
    message,
  )
}

function git(...args: string[]): string {
  return execFileSync('git', ['-C', folder.path, ...args], { encoding: 'utf8', stdio: 'pipe' })
}

function localTime(version: VersionView | undefined): string {
  return new Date(version?.deployedAt ?? '').toLocaleString('sv-SE')
}
