import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { sluice, until } from './reached.ts'

const APP = `
import { App, Secret } from 'sluice'

const app = new App('shop')

export const where = app.function({ secrets: [Secret.fromName('place')] }, () => process.env.PLACE)
export const page = app.web({ secrets: [Secret.fromName('place')] }, () => new Response(process.env.PLACE))

export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': APP })
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('nothing is deployed, nor a secret written, where there is no environment; the nearest is told', async () => {
  await installation.run('env', 'create', 'staging')
  for (const words of [
    ['deploy', folder.entry],
    ['secret', 'create', 'place', 'PLACE=nowhere'],
    ['secret', 'list'],
  ]) {
    const { code, stderr } = await installation.cli(...words, '--env', 'stagin')
    assert.equal(code, 1)
    assert.match(stderr, /no environment "stagin"\. Did you mean "staging"\?.*`sluice env create stagin`/)
  }
  const { items } = await installation.json('env', 'list')
  assert.deepEqual(
    items.map(({ name }: { name: string }) => name),
    ['main', 'staging'],
  )
})

test('the same app and the same secret in two environments are two of each', async () => {
  await installation.run('secret', 'create', 'place', 'PLACE=at home')
  const missing = await installation.cli('deploy', folder.entry, '--env', 'staging')
  assert.match(missing.stderr, /which environment "staging" does not have.*--env staging/)
  const variables = { ...installation.variables, SLUICE_ENV: 'staging' }
  await sluice(['secret', 'create', 'place', 'PLACE=on stage'], variables)
  for (const env of ['main', 'staging']) await installation.run('deploy', folder.entry, '--env', env)

  assert.equal((await installation.json('call', 'shop.where')).result, 'at home')
  assert.equal((await installation.json('call', 'staging/shop.where')).result, 'on stage')
  assert.equal((await installation.web('shop-page')).body, 'at home')
  assert.equal((await installation.web('staging--shop-page')).body, 'on stage')

  await installation.run('secret', 'create', 'place', 'PLACE=on another stage', '--env', 'staging', '--force')
  await installation.run('app', 'rollover', 'shop', '--env', 'staging')
  assert.equal((await installation.json('call', 'staging/shop.where')).result, 'on another stage')
  assert.equal((await installation.json('call', 'shop.where')).result, 'at home')
  assert.equal((await installation.json('secret', 'describe', 'place')).version, 1)
})

test('an environment with an app at work is kept', async () => {
  const { code, stderr } = await installation.cli('env', 'delete', 'staging')
  assert.equal(code, 1)
  assert.match(
    stderr,
    /it has shop \(deployed\)\. Stop its apps first, with `sluice app stop NAME --env staging`/,
  )
  assert.equal((await installation.json('call', 'staging/shop.where')).result, 'on another stage')
  assert.equal((await installation.json('secret', 'list', '--env', 'staging')).items.length, 1)
  await installation.run('app', 'rollover', 'shop', '--env', 'staging')
})

test('a deleted environment takes its secrets with it, and nothing of any other', async () => {
  await installation.run('app', 'stop', 'shop', '--env', 'staging')
  await until('shop to stop', async () => {
    const { state } = await installation.json('app', 'describe', 'staging/shop')
    return state === 'stopped'
  })
  await installation.run('env', 'delete', 'staging')
  assert.equal((await installation.api('GET', '/v1/environments/staging')).status, 404)
  const started = await installation.cli('app', 'start', 'staging/shop')
  assert.equal(started.code, 1)
  assert.equal((await installation.json('call', 'shop.where')).result, 'at home')

  await installation.run('env', 'create', 'staging')
  assert.deepEqual((await installation.json('secret', 'list', '--env', 'staging')).items, [])
  const { body } = await installation.api('GET', '/v1/audit?env=staging&limit=200')
  const changes = body.items
    .map(({ action, subject }: { action: string; subject?: string }) => `${action} ${subject ?? ''}`.trim())
    .filter((change: string) => !/version|app\./.test(change))
  assert.deepEqual(changes, [
    'environment.created',
    'environment.deleted',
    'secret.deleted place',
    'secret.written place',
    'secret.written place',
    'environment.created',
  ])
})

test('main is always there, and what is there is not made again', async () => {
  const main = await installation.cli('env', 'delete', 'main')
  assert.equal(main.code, 1)
  assert.match(main.stderr, /"main" is always there/)
  for (const name of ['main', 'staging'])
    assert.match(await installation.run('env', 'create', name), /is there already/)
  const { code, stderr } = await installation.cli('env', 'create', 'No_Name')
  assert.equal(code, 1)
  assert.match(stderr, /must be 1 to 32 of a-z, 0-9/)
})
