import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, afterEach, before, test } from 'node:test'
import type { FunctionSpecInput } from '../../protocol/manifest.ts'
import { send } from '../fixtures/http-client.ts'
import type { Installation } from './installation.ts'
import { OneApp } from './one-app.ts'

const APP = '/v1/apps/podcast-search'
const MOST_BODY_BYTES = 5_000_000
const CODE = 'export default null'

let one: OneApp
let installation: Installation
let untouched: unknown

before(async () => {
  one = await OneApp.start()
  installation = one.installation
  await upload(CODE, CODE)
  untouched = await one.state()
})

after(() => one[Symbol.asyncDispose]())

afterEach(async () => assert.deepEqual(await one.state(), untouched, 'nothing has changed'))

const manifests: [what: string, functions: Record<string, object>, status: number, says: RegExp][] = [
  ['a bad cron', { f: cron('61 * * * *') }, 400, /^manifest\.functions\.f\.schedule has "61" as its minute/],
  [
    'cpu that Fargate does not have',
    { f: { cpu: 3 } },
    400,
    /^manifest\.functions\.f\.cpu must be one of 0\.25, 0\.5, 1/,
  ],
  [
    'memory that goes with other cpu',
    { f: { cpu: 1, memory: 512 } },
    400,
    /functions\.f\.memory .* the nearest is 2048\.$/,
  ],
  ['an unknown option', { f: { memry: 1 } }, 400, /f\.memry is not known here \(did you mean "memory"\?\)/],
  ['a label that is taken', { f: web('podcast-search-site') }, 409, /^f cannot have .*podcast-search's site/],
  [
    'a name that is none',
    { '../f': {} },
    400,
    /^manifest\.functions\.\.\.\/f is a name that must be 1 to 64/,
  ],
  ['no function', {}, 400, /^manifest\.functions must name at least one function/],
]
for (const [what, functions, status, says] of manifests) {
  test(`a manifest with ${what} is refused`, async () => {
    const body = { manifest: manifestOf('rival', functions) }
    await refuses('POST', '/v1/apps/rival/versions', { body }, status, says)
  })
}

const requests: [what: string, line: string, body: unknown, status: number, says: RegExp][] = [
  [
    'an app that is not there',
    'GET /v1/apps/podcast-serch',
    undefined,
    404,
    /Did you mean "podcast-search"\?/,
  ],
  [
    'a name with an encoded ../',
    'GET /v1/apps/..%2fetc',
    undefined,
    400,
    /^path\.app must be 1 to 64 letters/,
  ],
  ['a path with ../', 'GET /v1/apps/../../etc', undefined, 404, /^There is no \/v1\/apps\/\.\.\/\.\.\/etc/],
  ['an unknown parameter', 'GET /v1/apps?limt=3', undefined, 400, /^query\.limt is not known .*"limit"/],
  ['another method', 'DELETE /v1/apps/podcast-search', undefined, 405, /takes GET, not DELETE/],
  ['broken JSON', `POST ${APP}/stop`, '{"reason": oops}', 400, /^The body is not JSON\. .*oops/],
  ['an unknown key', `POST ${APP}/stop`, { resaon: 'x' }, 400, /did you mean "reason"/],
  [
    'a body that is too large',
    `POST ${APP}/stop`,
    ' '.repeat(MOST_BODY_BYTES + 1),
    413,
    /5000000 bytes at most/,
  ],
  ['a version that never was', `POST ${APP}/rollback`, { version: 7 }, 404, /no v7; its only version is v1/],
  [
    'a function that is not there',
    `POST ${APP}/functions/gret/calls`,
    { args: [] },
    404,
    /Did you mean "greet"/,
  ],
]
for (const [what, line, body, status, says] of requests) {
  const [method = '', path = ''] = line.split(' ')
  test(`${what} is refused`, () => refuses(method, path, { body }, status, says))
}

test('a token that is missing, unknown, or of another kind opens nothing', async () => {
  for (const authorization of [undefined, 'Bearer slu_guess', 'Basic c2x1OmljZQ==', 'Bearer']) {
    const headers = { authorization }
    await refuses('POST', `${APP}/stop`, { headers }, 401, /Send a token|not known here/)
  }
})

test('a file that was not uploaded, or whose content is not what was announced, is not deployed', async () => {
  const refusedUpload = await upload('announced', 'sent')
  assert.equal(refusedUpload.status, 400)
  assert.match(JSON.parse(refusedUpload.body).detail, /has the SHA-256 \w{64}, not \w{64}\./)
  const body = { manifest: manifestOf('podcast-search', { greet: {} }, 'announced') }
  const says = new RegExp(`^1 file has not been uploaded, the first being ${sha256('announced')}\\. Ask POST`)
  await refuses('POST', `${APP}/versions`, { body }, 409, says)
})

interface Sent {
  body?: unknown
  headers?: { authorization: string | undefined }
}

async function refuses(
  method: string,
  path: string,
  sent: Sent,
  status: number,
  says: RegExp,
): Promise<void> {
  const answer = await ask(method, path, sent)
  const problem = JSON.parse(answer.body)
  assert.equal(answer.headers['content-type'], 'application/problem+json')
  assert.match(problem.detail, says)
  assert.deepEqual([answer.status, problem.status], [status, status])
  assert.doesNotMatch(answer.body, /node:internal|\.ts:\d/)
}

/** A path goes out as it is, and so does a body that is text. */
function ask(method: string, path: string, { body, headers }: Sent) {
  const { hostname, host, port } = new URL(installation.url)
  const { authorization } = headers ?? { authorization: `Bearer ${installation.token}` }
  return send({ host: hostname, port: Number(port) }, host, {
    method,
    path,
    headers: { ...(authorization && { authorization }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** Sends `content` where `announced` is expected. */
async function upload(announced: string, content: string) {
  const { body } = await installation.api('POST', '/v1/blobs/missing', { sha256: [sha256(announced)] })
  const { pathname, search } = new URL(body.missing[0].uploadUrl)
  return ask('PUT', pathname + search, { body: content })
}

function manifestOf(app: string, functions: Record<string, object>, code = CODE) {
  const specs = Object.entries(functions).map(([name, spec]) => [name, { kind: 'plain', ...spec }])
  const bundle = { code: { path: 'app.mjs', sha256: sha256(code), size: code.length } }
  return { app, bundle, functions: Object.fromEntries(specs) }
}

function cron(expression: string): FunctionSpecInput {
  return { kind: 'scheduled', schedule: { type: 'cron', expression } }
}

function web(label: string): FunctionSpecInput {
  return { kind: 'web', label }
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex')
}
