import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ContainerView, VersionView } from '../../protocol/api.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'

const source = (mark: string) => `
import { App } from 'sluice'

const app = new App('letters')

export const web = app.web(() => new Response('${mark}'))

export const letter = app.function({ env: { LETTER: '${mark}' } }, () => process.env.LETTER)

export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create()
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

describe('after v1 to v4, each with a letter of its own,', () => {
  before(async () => {
    for (const mark of ['a', 'b', 'c', 'd']) {
      await folder.write('app.ts', source(mark))
      await installation.run('deploy', folder.entry, '--tag', `tag-${mark}`)
    }
  })

  test('a rollback makes the version before live again, code and settings, under a new number', async () => {
    const said = await installation.run('app', 'rollback', 'letters', '--reason', 'd is broken')
    assert.match(said, /Rolling back to v3, as v5\./)
    assert.match(said, /Rolled back to v3! v5 live in/)
    assert.equal(await served(), 'c from v5')
    assert.equal((await installation.json('call', 'letters.letter')).result, 'c')
    const { origin, fromVersion, reason, tag, client, status } = await newest()
    assert.deepEqual(
      { origin, fromVersion, reason, tag, status },
      { origin: 'rollback', fromVersion: 3, reason: 'd is broken', tag: 'tag-c', status: 'live' },
    )
    assert.match(client, /^sluice-cli\//)
  })

  test('rolling back again goes on to older ones, never back to what was rolled back from', async () => {
    await installation.run('app', 'rollback', 'letters')
    assert.equal(await served(), 'b from v6')
    await installation.run('app', 'rollback', 'letters')
    assert.equal(await served(), 'a from v7')

    const { code, stderr } = await installation.cli('app', 'rollback', 'letters')
    assert.equal(code, 1)
    assert.match(stderr, /no earlier version that was healthy and was not rolled back from/)
    assert.equal(await served(), 'a from v7')
  })

  test('a version that is named is rolled back to, whatever it was, as 4 or as v4', async () => {
    await installation.run('app', 'rollback', 'letters', '4')
    assert.equal(await served(), 'd from v8')
    await installation.run('app', 'rollback', 'letters', 'v2')
    assert.equal(await served(), 'b from v9')
    assert.equal((await newest()).fromVersion, 2)
  })

  test('a rollback needs nothing of the author’s files', async () => {
    await folder.write('app.ts', 'this is no program')
    await installation.run('app', 'rollback', 'letters', '3')
    assert.equal(await served(), 'c from v10')
  })

  test('rolling back to what is live, or to what never was, changes nothing and says why', async () => {
    const live = await installation.cli('app', 'rollback', 'letters', '10')
    assert.equal(live.code, 1)
    assert.match(live.stderr, /v10 is live already/)
    const never = await installation.cli('app', 'rollback', 'letters', 'v99')
    assert.equal(never.code, 1)
    assert.match(never.stderr, /no v99.*v1 to v10/)
    const word = await installation.cli('app', 'rollback', 'letters', 'yesterday')
    assert.equal(word.code, 2)
    assert.equal((await newest()).version, 10)
  })

  test('a rollover is the live version again, in a fresh container', async () => {
    const old = await containerIds()
    const said = await installation.run('app', 'rollover', 'letters', '--reason', 'leaks')
    assert.match(said, /Rolling over v10, as v11\.[\s\S]*v11 live in/)
    assert.equal(await served(), 'c from v11')
    const { origin, fromVersion, reason, tag } = await newest()
    assert.deepEqual(
      { origin, fromVersion, reason, tag },
      { origin: 'rollover', fromVersion: 10, reason: 'leaks', tag: 'tag-c' },
    )
    await until('the old container to be let go', async () => {
      const fresh = await containerIds()
      return fresh.length > 0 && fresh.every((id) => !old.includes(id))
    })
  })
})

async function served(): Promise<string> {
  const { body, headers } = await installation.web('letters-web')
  return `${body} from v${headers['sluice-version']}`
}

async function newest(): Promise<VersionView> {
  const { items } = await installation.json('app', 'history', 'letters')
  return items[0]
}

/** Of those that take work. */
async function containerIds(): Promise<string[]> {
  const { items }: { items: ContainerView[] } = await installation.json('container', 'list', 'letters')
  return items.filter(({ state }) => state === 'ready').map(({ id }) => id)
}
