import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MAX_BODY_BYTES } from '../../protocol/limits.ts'
import { manifestOf } from './apps.ts'
import { problemOf, refuse, send } from './client.ts'
import { type Installation, install } from './installation.ts'

const params = { app: 'shop', function: 'work' }

let installation: Installation
before(async () => {
  installation = await install()
})
after(async () => {
  assert.deepEqual(installation.failures, [], 'no bad input is our fault')
  await installation.close()
})

test('broken JSON is refused with the place where it breaks', async () => {
  const problem = await refuse(installation, 'call', { params, body: '{"args": [1, oops]}' })
  assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'])
  assert.match(problem.detail, /not JSON.*oops/)
  const cut = await refuse(installation, 'call', { params, body: '{"args": [1' })
  assert.match(cut.detail, /position 11|end of JSON/)
})

test('a body that is no object is refused', async () => {
  for (const body of ['[]', '"text"', 'null', '7']) {
    const problem = await refuse(installation, 'call', { params, body })
    assert.equal(problem.code, 'invalid_request', body)
  }
})

test('a body of one byte too many is refused, one of exactly the limit is read', async () => {
  const shell = JSON.stringify({ args: [''] }).length
  const exact = JSON.stringify({ args: ['x'.repeat(MAX_BODY_BYTES - shell)] })
  assert.equal((await refuse(installation, 'call', { params, body: exact })).code, 'app_not_found')
  const problem = await refuse(installation, 'call', { params, body: `${exact} ` })
  assert.deepEqual([problem.status, problem.code], [413, 'payload_too_large'])
})

test('the limit of a body is one of bytes, not of characters', async () => {
  const body = JSON.stringify({ args: ['é'.repeat(MAX_BODY_BYTES / 2)] })
  assert.equal((await refuse(installation, 'call', { params, body })).status, 413)
})

test('arguments nested deeper than JSON can be written are refused', async () => {
  const depth = 200_000
  const body = `{"args":[${'['.repeat(depth)}${']'.repeat(depth)}]}`
  const problem = await refuse(installation, 'call', { params, body })
  assert.deepEqual([problem.status, problem.errors[0]?.path], [400, 'args'])
})

test('a container that names its result by no hash is refused', async () => {
  const token = await installation.container()
  const problem = await refuse(installation, 'upload', { token, body: { sha256: '../secret' } })
  assert.deepEqual([problem.status, problem.errors[0]?.path], [400, 'sha256'])
})

test('a body that is no UTF-8 is refused: its text would be other than was sent', async () => {
  const response = await fetch(`${installation.url}/v1/secrets/openai`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${installation.token}` },
    body: Buffer.from('{"variables":{"KEY":"caf\xe9"}}', 'latin1'),
  })
  const problem = await problemOf(response)
  assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'])
  assert.match(problem.detail, /not UTF-8/)
  assert.equal((await refuse(installation, 'getSecret', { params: { name: 'openai' } })).status, 404)
})

test('every fault of path, query and body is told at once, each with its path', async () => {
  const problem = await refuse(installation, 'call', {
    params: { app: 'shop', function: '1st' },
    query: { env: 'Not/An/Env' },
    body: { args: [], wait: 60 },
  })
  const paths = problem.errors.map(({ path }) => path)
  assert.deepEqual(paths, ['path.function', 'query.env', 'wait'])
  assert.match(problem.errors[2]?.message ?? '', /at most 25/)
  assert.match(problem.detail, /It is one of 3 faults; `errors` names them all\.$/)
})

test('text where a number belongs is told what belongs there', async () => {
  const problem = await refuse(installation, 'listApps', { query: { limit: 'ten' } })
  assert.deepEqual(problem.errors, [{ path: 'query.limit', message: 'must be a number' }])
})

test('an unknown key is named with the nearest one that exists', async () => {
  const body = { args: [], idempotencykey: 'k' }
  const problem = await refuse(installation, 'call', { params, body })
  assert.deepEqual(problem.errors, [
    { path: 'idempotencykey', message: 'is not known here (did you mean "idempotencyKey"?)' },
  ])
})

test('an unknown parameter of the query is refused, with those there are where none is near', async () => {
  const near = await refuse(installation, 'listApps', { query: { limt: 3 } })
  assert.match(near.errors[0]?.message ?? '', /"limit"/)
  const far = await refuse(installation, 'listApps', { query: { verbose: 'yes' } })
  assert.deepEqual(far.errors, [
    { path: 'query.verbose', message: 'is not known here (env, cursor, limit, q are)' },
  ])
  const none = await refuse(installation, 'health', { query: { env: 'main' } })
  assert.match(none.errors[0]?.message ?? '', /nor is anything else/)
})

test('a faulty manifest is refused with every fault in it, however deep', async () => {
  const manifest = await manifestOf(installation, 'shop', {
    one: { memroy: 512 } as object,
    two: { cpu: 3 },
    three: { kind: 'scheduled', schedule: { type: 'cron', expresion: '* * * * *' } as never },
    four: { kind: 'cloud' as never, timeout: 0 },
    five: { kind: 'scheduled', schedule: { type: 'cron', expression: '61 * * * *' } },
    six: { env: { 'A-B': '1' } },
  })
  const problem = await refuse(installation, 'deploy', { params, body: { manifest } })
  assert.deepEqual([problem.status, problem.code], [400, 'invalid_manifest'])
  const told = Object.fromEntries(problem.errors.map(({ path, message }) => [path, message]))
  assert.equal(told['manifest.functions.one.memroy'], 'is not known here (did you mean "memory"?)')
  assert.match(told['manifest.functions.two.cpu'] ?? '', /0\.25/)
  assert.match(told['manifest.functions.three.schedule.expresion'] ?? '', /"expression"/)
  assert.equal(told['manifest.functions.three.schedule.expression'], 'is missing')
  assert.equal(told['manifest.functions.four.kind'], 'must be "plain" or "web" or "scheduled"')
  assert.equal(told['manifest.functions.four.timeout'], 'must be at least 1')
  assert.match(told['manifest.functions.five.schedule'] ?? '', /^has "61" as its minute/)
  assert.match(told['manifest.functions.six.env.A-B'] ?? '', /^is a name that must be letters, digits/)
})

test('a function whose name cannot be one is told by that name', async () => {
  const manifest = await manifestOf(installation, 'shop', { '../etc': {} })
  const problem = await refuse(installation, 'deploy', { params, body: { manifest } })
  const [fault] = problem.errors
  assert.equal(fault?.path, 'manifest.functions.../etc')
  assert.match(fault?.message ?? '', /is a name that must be 1 to 64 letters/)
})

test('a file that would leave its folder is refused', async () => {
  const manifest = await manifestOf(installation, 'shop')
  manifest.bundle.code.path = '../../escape.mjs'
  const problem = await refuse(installation, 'deploy', { params, body: { manifest } })
  assert.equal(problem.errors[0]?.path, 'manifest.bundle.code.path')
})

test('names that could leave a folder are refused wherever a path takes one', async () => {
  for (const app of ['..', '../..', '.', 'a/../b', '%2e%2e', 'a\0b', 'ap-1', 'x'.repeat(65)]) {
    const problem = await refuse(installation, 'getApp', { params: { app } })
    assert.ok([400, 404].includes(problem.status), `${app}: ${problem.status}`)
    assert.notEqual(problem.code, 'app_not_found', app)
    assert.ok(problem.errors.length <= 1, `${app} is told once`)
  }
})

test('the names of what every object inherits are names like any other', async () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    const inPath = await refuse(installation, 'call', {
      params: { app: 'shop', function: name },
      body: { args: [] },
    })
    assert.equal(inPath.code, name === '__proto__' ? 'invalid_request' : 'app_not_found', name)
    const inQuery = await refuse(installation, 'getApp', { params, query: { [name]: 1 } })
    assert.deepEqual([inQuery.status, inQuery.errors[0]?.path], [400, `query.${name}`])
    const inBody = await refuse(installation, 'call', { params, body: `{"args":[],"${name}":1}` })
    assert.deepEqual([inBody.status, inBody.errors[0]?.path], [400, name])
  }
})

test('where values go by names, one named __proto__ is refused: it would be left out without a word', async () => {
  const proto = (value: unknown) => JSON.parse(`{"__proto__":${JSON.stringify(value)},"KEY":"text"}`)
  const secret = { params: { name: 'proto' }, body: { variables: proto('text') } }
  const { status, errors } = await refuse(installation, 'putSecret', secret)
  assert.deepEqual([status, errors[0]?.path], [400, 'variables.__proto__'])
  assert.equal((await refuse(installation, 'getSecret', { params: { name: 'proto' } })).status, 404)
  const manifest = await manifestOf(installation, 'shop', { work: { env: proto('text') } })
  const faulty = {
    'manifest.functions.work.env.__proto__': manifest,
    'manifest.tags.__proto__': { ...manifest, functions: { work: { kind: 'plain' } }, tags: proto('text') },
    'manifest.functions.__proto__': { ...manifest, functions: proto({ kind: 'plain' }) },
  }
  for (const [path, given] of Object.entries(faulty)) {
    const problem = await refuse(installation, 'deploy', { params, body: { manifest: given } })
    assert.deepEqual(
      problem.errors.map((fault) => fault.path),
      [path],
    )
  }
})

test('what a container reports must be what was agreed', async () => {
  const token = await installation.container()
  const outcome = { status: 'succeeded', result: { json: 'no JSON' } }
  const body = { completed: [{ callId: 'ca-1', lease: 'le-1', outcome }], free: 1 }
  const problem = await refuse(installation, 'next', { token, body })
  assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'])
})

test('an empty body is an empty object', async () => {
  const problem = await refuse(installation, 'rollover', { params })
  assert.equal(problem.code, 'app_not_found')
})

test('a body that arrives in pieces is read whole', async () => {
  const pieces = ['{"args":', ' [1,', '2]}']
  const body = new ReadableStream({
    pull(controller) {
      const piece = pieces.shift()
      if (piece === undefined) controller.close()
      else controller.enqueue(new TextEncoder().encode(piece))
    },
  })
  const response = await fetch(`${installation.url}/v1/apps/shop/functions/work/calls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${installation.token}` },
    body,
    duplex: 'half',
  } as RequestInit)
  assert.equal((await problemOf(response)).code, 'app_not_found')
})

test('after all of this the server still answers', async () => {
  assert.equal((await send(installation, 'health')).body.status, 'ok')
})
