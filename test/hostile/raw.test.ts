import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { Problem } from '../../protocol/errors.ts'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import { until } from '../e2e/reached.ts'
import { fuzz } from './fuzzing.ts'
import { breakOff, exchangeRaw, statusesIn } from './raw-connection.ts'
import { AMBIGUOUS, rawRequest } from './raw-requests.ts'
import { startWatched, type Vitals, vitalsOf } from './vitals.ts'

/** It answers with what it got, and tells at `/seen` what it got whole. */
const ECHO = `
import { App } from 'sluice'
const app = new App('echo')
let seen: string[] = []
export const site = app.web({ minContainers: 1, maxContainers: 1 }, async (request) => {
  const { pathname } = new URL(request.url)
  if (pathname === '/seen') {
    const told = seen
    seen = []
    return Response.json(told)
  }
  const headers = Object.fromEntries(request.headers)
  const body = await request.text()
  seen.push(request.method + ' ' + pathname)
  return Response.json({ method: request.method, pathname, headers, body })
})
export default app
`
const LABEL = 'echo-site'
const PIPELINED = 50
/** Connections to the container are kept for a while, as many as were needed at once. */
const MOST_NEW_DESCRIPTORS = PIPELINED + 40
const MOST_GROWTH_BYTES = 30_000_000
/** A head has 30 s, and is looked at every 5: whoever is still there after so long stays for ever. */
const MOST_SLOW_MS = 100_000
const DRIP_MS = 1_000

let installation: Installation
let folder: AppFolder
let vitals: Vitals
let slow: { port: number; ended: Promise<string> }[]

interface Door {
  name: string
  port: () => number
  host: () => string
  /** A path that answers with success. */
  path: string
}
const DOORS: Door[] = [
  {
    name: 'the API',
    port: () => Number(new URL(installation.url).port),
    host: () => new URL(installation.url).host,
    path: '/healthz',
  },
  {
    name: 'the ingress',
    port: () => installation.ingressPort,
    host: () => installation.address(LABEL).host,
    path: '/ok',
  },
]

before(async () => {
  installation = await startWatched(() => Installation.start())
  folder = await AppFolder.create({ 'app.ts': ECHO })
  slow = DOORS.map((door) => ({ port: door.port(), ended: dripHead(door.port()) }))
  await installation.run('deploy', folder.entry)
  await installation.web(LABEL)
  vitals = await vitalsOf(installation)
})
after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

for (const { name, port, host, path } of DOORS) {
  for (const [what, bytes] of Object.entries(AMBIGUOUS)) {
    test(`${name} takes a request with ${what} for no request, and what follows for none either`, async () => {
      const answered = await exchangeRaw(port(), bytes.replaceAll('$HOST', host()))
      assert.deepEqual(statusesIn(answered), [400], answered)
      assert.equal(problemIn(answered).code, 'invalid_request')
    })
  }

  test(`${name} says what is wrong with a request that names no host`, async () => {
    const answered = await exchangeRaw(port(), `GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`)
    assert.deepEqual(statusesIn(answered), [400], answered)
    assert.match(problemIn(answered).detail, /must name its host/)
  })

  test(`${name} answers many requests that come at once in their order`, async () => {
    const one = `GET ${path} HTTP/1.1\r\nHost: ${host()}\r\n\r\n`
    const answered = await exchangeRaw(port(), one.repeat(PIPELINED - 1) + get(path, host()))
    assert.deepEqual(statusesIn(answered), Array(PIPELINED).fill(200))
  })

  test(`${name} refuses a head that is too large, whatever makes it so`, async () => {
    const long = 'a'.repeat(100_000)
    for (const [target, header] of [
      [`/${long}`, 'X-A: a'],
      ['/', `X-A: ${long}`],
      ['/', Array.from({ length: 9_000 }, (_, turn) => `X-${turn}: a`).join('\r\n')],
    ] as const) {
      const answered = await exchangeRaw(
        port(),
        `GET ${target} HTTP/1.1\r\nHost: ${host()}\r\n${header}\r\n\r\n`,
      )
      assert.deepEqual(statusesIn(answered), [431], answered.slice(0, 200))
      assert.equal(problemIn(answered).code, 'head_too_large')
    }
  })

  test(`${name} stands whatever bytes come`, async () => {
    await fuzz(rawRequest, 0.1, async (batch) => {
      const answers = await Promise.all(
        batch.map((bytes) => exchangeRaw(port(), bytes.replaceAll('$HOST', host()), true)),
      )
      for (const answered of answers) {
        for (const status of statusesIn(answered)) assert.ok(status < 500, answered)
        assert.doesNotMatch(answered, /^set-cookie/im)
        assert.doesNotMatch(answered, /node:internal|\n\s+at /)
      }
    })
    assert.deepEqual(statusesIn(await exchangeRaw(port(), get(path, host()))), [200])
  })

  test(`${name} lets go of whoever breaks off anywhere`, async () => {
    const whole = `POST ${path} HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 100\r\n\r\n${'a'.repeat(100)}`
    for (let end = 1; end < whole.length; end += 7) await breakOff(port(), whole.slice(0, end))
    assert.deepEqual(statusesIn(await exchangeRaw(port(), get(path, host()))), [200])
  })
}

test('what was not framed as a request has reached no container', async () => {
  const seen: string[] = JSON.parse((await installation.web(LABEL, '/seen')).body)
  assert.ok(seen.includes('GET /ok'))
  assert.deepEqual(
    seen.filter((line) => / \/(smuggled|first)$/.test(line)),
    [],
  )
})

test('a container gets a request as it was framed, whatever went before on the same connection to it', async () => {
  const host = installation.address(LABEL).host
  const framed = fc.record({
    body: fc.string({ unit: 'binary-ascii', maxLength: 200 }),
    isChunked: fc.boolean(),
    before: rawRequest,
  })
  await fuzz(framed, 0.01, async (batch) => {
    for (const { body, isChunked, before } of batch) {
      await exchangeRaw(installation.ingressPort, before.replaceAll('$HOST', host), true)
      const size = body.length.toString(16)
      const framing = isChunked
        ? `Transfer-Encoding: chunked\r\n\r\n${body === '' ? '' : `${size}\r\n${body}\r\n`}0\r\n\r\n`
        : `Content-Length: ${body.length}\r\n\r\n${body}`
      const answered = await exchangeRaw(
        installation.ingressPort,
        `POST /mine HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${framing}`,
      )
      const got = JSON.parse(answered.slice(answered.indexOf('{"method"'), answered.lastIndexOf('}') + 1))
      assert.deepEqual([got.method, got.pathname, got.body], ['POST', '/mine', body])
      assert.ok(!('content-length' in got.headers && 'transfer-encoding' in got.headers))
    }
  })
})

const hosts: [host: string, status: number][] = [
  ['echo-site.localhost', 200],
  ['ECHO-SITE.LOCALHOST', 200],
  ['echo-site.localhost.', 200],
  ['echo-site.localhost:1', 200],
  ['x@echo-site.localhost', 404],
  ['other.localhost', 404],
  ['other.echo-site.localhost', 404],
  ['echo-site%2elocalhost', 404],
  ['echo-site/../other', 404],
  ['[::1]', 404],
  ['..', 404],
  ['', 404],
  ['__proto__', 404],
  ['constructor.localhost', 404],
]
for (const [host, status] of hosts) {
  test(`the ingress answers ${status} under the host "${host}"`, async () => {
    const answered = await exchangeRaw(installation.ingressPort, get('/ok', host))
    assert.deepEqual(statusesIn(answered), [status], answered)
  })
}

test('a request at the API under two names is refused: one of them may be foreign', async () => {
  const { host, port } = new URL(installation.url)
  for (const names of [
    [host, 'evil.example'],
    ['evil.example', host],
    [host, host],
  ]) {
    const lines = names.map((name) => `Host: ${name}\r\n`).join('')
    const answered = await exchangeRaw(
      Number(port),
      `GET /healthz HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`,
    )
    assert.deepEqual(statusesIn(answered), [403], answered)
  }
})

test('whoever takes forever to say what it wants is hung up on', async () => {
  for (const { ended } of slow) {
    const answered = await ended
    assert.match(answered, /^HTTP\/1\.1 408 /)
    assert.equal(problemIn(answered).code, 'request_timeout')
  }
})

test('after all of this the control plane has not grown', async (t) => {
  const isBack = async () =>
    (await vitalsOf(installation)).descriptors - vitals.descriptors < MOST_NEW_DESCRIPTORS
  await until('its descriptors to be let go of', isBack)
  const { heap, descriptors } = await vitalsOf(installation)
  t.diagnostic(`heap ${vitals.heap} → ${heap} bytes, descriptors ${vitals.descriptors} → ${descriptors}`)
  assert.ok(heap - vitals.heap < MOST_GROWTH_BYTES, `${vitals.heap} bytes have become ${heap}`)
})

/** The one that the whole body of the last answer is. */
function problemIn(answered: string): Problem {
  return Problem.parse(JSON.parse(answered.slice(answered.lastIndexOf('\r\n\r\n'))))
}

function get(path: string, host: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`
}

/** A byte a second, as slow as a client may be that holds a connection for nothing. */
function dripHead(port: number): Promise<string> {
  const ended = new Promise<string>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let answered = ''
    const drip = setInterval(() => socket.write('a'), DRIP_MS)
    const never = setTimeout(() => {
      socket.destroy()
      reject(new Error('It was never hung up on'))
    }, MOST_SLOW_MS)
    socket.write('GET / HTTP/1.1\r\nX-Slow: ')
    socket.on('data', (data) => (answered += data))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(drip)
      clearTimeout(never)
      resolve(answered)
    })
  })
  // Waited for by a test that comes later.
  ended.catch(() => undefined)
  return ended
}
