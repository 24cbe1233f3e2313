import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MAX_SECRET_BYTES } from '../../protocol/secrets.ts'
import { deployApp } from './apps.ts'
import { refuse, send } from './client.ts'
import { type Installation, install } from './installation.ts'

const VALUE = 'sk-nobody-should-see'

let installation: Installation
before(async () => {
  installation = await install()
})
after(() => installation.close())

const put = (name: string, variables: unknown, fields: object = {}) => ({
  params: { name },
  body: { variables, ...fields },
})

test('every fault of a secret is told, without a value, and nothing is written', async () => {
  const FAULTS: [variables: unknown, path: string, message: RegExp][] = [
    [undefined, 'variables', /is missing/],
    [{}, 'variables', /must have at least one variable/],
    [[VALUE], 'variables', /must be/],
    [{ [VALUE]: 'OPENAI_KEY' }, 'variables', /name 1 must be letters, digits and "_"/],
    [{ PATH: VALUE }, 'variables.PATH', /set by Sluice itself/],
    [{ sluice_token: VALUE }, 'variables.sluice_token', /set by Sluice itself/],
    [{ KEY: `${VALUE}\0` }, 'variables', /value 1 has one/],
    [{ KEY: VALUE + ' '.repeat(MAX_SECRET_BYTES) }, 'variables', /at most 65536 bytes as JSON, not /],
    [
      Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`KEY_${i}`, VALUE])),
      'variables',
      /not have more than 100/,
    ],
  ]
  for (const [variables, path, message] of FAULTS) {
    const problem = await refuse(installation, 'putSecret', put('openai', variables))
    assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'], JSON.stringify(problem))
    const fault = problem.errors?.find((error) => error.path === path)
    assert.match(fault?.message ?? '', message, JSON.stringify(problem.errors))
    assert.ok(!JSON.stringify(problem).includes(VALUE), path)
  }
  assert.deepEqual((await send(installation, 'listSecrets', {})).body.items, [])
})

test('a body that is no JSON is not quoted back', async () => {
  const { detail } = await refuse(installation, 'putSecret', {
    params: { name: 'openai' },
    body: `{"variables": {"KEY": ${VALUE}}}`,
  })
  assert.equal(detail, 'The body is not JSON.')
})

test('names, unknown keys and unknown environments are refused', async () => {
  const nameless = await refuse(installation, 'putSecret', put('a b', { KEY: VALUE }))
  assert.equal(nameless.errors?.[0]?.path, 'path.name')
  const typo = await refuse(installation, 'putSecret', put('openai', { KEY: VALUE }, { forse: true }))
  assert.match(typo.errors?.[0]?.message ?? '', /did you mean "force"/)
  for (const [id, request] of [
    ['putSecret', put('openai', { KEY: VALUE })],
    ['listSecrets', {}],
  ] as const) {
    const nowhere = await refuse(installation, id, { ...request, query: { env: 'nope' } })
    assert.deepEqual([nowhere.status, nowhere.code], [404, 'environment_not_found'])
  }
  for (const id of ['getSecret', 'deleteSecret'] as const) {
    const absent = await refuse(installation, id, { params: { name: 'openia' } })
    assert.deepEqual([absent.status, absent.code], [404, 'secret_not_found'])
  }
})

test('a manifest that names a secret twice, or too many, or what is no name, is refused by its path', async () => {
  for (const [secrets, path] of [
    [['a', 'a'], 'manifest.functions.work.secrets'],
    [Array.from({ length: 11 }, (_, i) => `s${i}`), 'manifest.functions.work.secrets'],
    [['a/b'], 'manifest.functions.work.secrets.0'],
  ] as const) {
    await assert.rejects(deployApp(installation, 'shop', { work: { secrets: [...secrets] } }), (error) => {
      assert.ok(String(error).includes(path), String(error))
      return true
    })
  }
  assert.equal((await refuse(installation, 'getApp', { params: { app: 'shop' } })).status, 404)
})

test('a secret that is not there is missed, whatever it is called', async () => {
  for (const name of ['absent', 'constructor', 'toString']) {
    await assert.rejects(
      deployApp(installation, 'careless', { work: { secrets: [name] } }),
      new RegExp(`names the secret \\W*${name}`),
    )
  }
})

test('only the container of the function gets its variables, and only while it runs', async () => {
  await send(installation, 'putSecret', put('openai', { KEY: VALUE }))
  await deployApp(installation, 'keeper', { work: { secrets: ['openai'] } })
  await deployApp(installation, 'neighbour', { work: {} })
  const tokenOf = (fields: object) => installation.container({ version: 1, ...fields })
  const secretsOf = async (app: string) =>
    (await send(installation, 'boot', { token: await tokenOf({ app }), body: {} })).body.secrets
  assert.deepEqual(await secretsOf('keeper'), { KEY: VALUE })
  assert.deepEqual(await secretsOf('neighbour'), {})
  const token = await tokenOf({ app: 'keeper', state: 'stopped' })
  assert.equal((await refuse(installation, 'boot', { token, body: {} })).status, 410)
})

test('a container whose secret was deleted is told so, and so is whoever looks at its app', async () => {
  await send(installation, 'deleteSecret', { params: { name: 'openai' }, query: { force: 'true' } })
  const id = installation.ports.ids.next('co')
  const token = await installation.container({ id, app: 'keeper', version: 1, function: 'work' })
  const { status, code } = await refuse(installation, 'boot', { token, body: {} })
  assert.deepEqual([status, code], [409, 'secret_gone'])
  const { failure } = (await installation.ports.store.container(id)) ?? {}
  assert.match(failure?.message ?? '', /"openai" \(version 1\).*was deleted/)
  assert.deepEqual(installation.failures, [])
})
