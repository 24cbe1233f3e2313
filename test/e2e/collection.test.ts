import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { CollectedItem } from '../../protocol/collection.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { processesOf } from './processes.ts'
import { until } from './reached.ts'

const source = (word: string) => `
import { App } from 'sluice'
const app = new App('shop')
export const say = app.function({ minContainers: 1 }, async () => '${word}')
export const web = app.web(() => new Response('${word}'))
export default app
`

let installation: Installation
let folder: AppFolder
/** How many files there were, before any version was collected. */
let stored: number

before(async () => {
  installation = await Installation.start(
    ...['--keep-versions', '2', '--keep-version-days', '0', '--keep-unused-days', '0'],
  )
  folder = await AppFolder.create({ 'app.ts': source('one') })
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('old versions go but for those with a reason to stay, which a dry run tells beforehand', async () => {
  await installation.run('deploy', folder.entry, '--tag', 'first')
  for (const word of ['two', 'three', 'four', 'five']) {
    await folder.write('app.ts', source(word))
    await installation.run('deploy', folder.entry)
  }
  await until('the containers of old versions to be gone', async () => (await containers()) === 1)

  stored = (await blobs()).length
  const EXPECTED = [
    [5, 'is live'],
    [4, 'is what a rollback would go to'],
    [3, 'would go'],
    [2, 'would go'],
    [1, 'is tagged first'],
  ]
  const foretold = await installation.json('collect', '--dry-run')
  assert.deepEqual(foretold.items.map(inShort), EXPECTED)
  assert.equal((await history()).length, 5, 'a dry run changes nothing')

  await installation.run('collect')
  assert.deepEqual(await history(), [5, 4, 1])
  const { code, stderr } = await installation.cli('app', 'rollback', 'shop', 'v3', '--yes')
  assert.deepEqual([code, /v3 of shop was collected/.test(stderr)], [1, true], stderr)
  assert.match(await installation.run('app', 'rollback', 'shop', 'v1', '--yes'), /v6/)
  assert.equal(await installation.run('call', 'shop.say'), 'one\n')
})

test('files of versions that went go, too, and those of others stay', async () => {
  for (let runs = 0; runs < 2; runs++) await installation.run('collect')
  const left = await blobs()
  assert.ok(left.length < stored, `${left.length} of ${stored} are left`)
  await installation.run('app', 'rollback', 'shop', 'v4', '--yes')
  assert.equal(await installation.run('call', 'shop.say'), 'four\n')
})

test('only a stopped app can be removed, and nothing is left of it', async () => {
  const refused = await installation.cli('collect', '--app', 'shop')
  assert.deepEqual([refused.code, /shop is deployed.*stop/.test(refused.stderr)], [1, true], refused.stderr)

  await installation.run('app', 'stop', 'shop')
  await until(
    'it to have stopped',
    async () => (await installation.json('app', 'describe', 'shop')).state === 'stopped',
    60_000,
  )
  await installation.run('collect', '--app', 'shop')
  await installation.run('collect')
  await installation.run('collect')

  assert.deepEqual(await blobs(), [])
  assert.deepEqual(await readdir(join(installation.dir, 'logs', 'main')).catch(() => []), [])
  // What was killed need not be gone in the same moment.
  await until('the last process to die', async () =>
    (await processesOf(installation.dir)).every(({ pid }) => pid === installation.pid),
  )
  assert.deepEqual((await installation.json('app', 'list')).items, [])
  assert.equal((await installation.web('shop-web')).status, 404)
  const { code, stderr } = await installation.cli('app', 'start', 'shop')
  assert.deepEqual([code, /There is no app "shop"/.test(stderr)], [1, true], stderr)

  assert.match(await installation.run('deploy', folder.entry), /v8 live/, 'its numbers go on')
})

const inShort = ({ version, keep, why }: CollectedItem) => [version, keep ? why : 'would go']

const containers = async () => (await installation.json('container', 'list', 'shop')).items.length

async function history(): Promise<number[]> {
  const { items } = await installation.json('app', 'history', 'shop')
  return items.map(({ version }: { version: number }) => version)
}

async function blobs(): Promise<string[]> {
  const found = await readdir(join(installation.dir, 'blobs'), { recursive: true })
  return found.filter((name) => /[0-9a-f]{64}$/.test(name))
}
