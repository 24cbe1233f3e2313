import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, test } from 'node:test'
import type { Services } from '../../../platforms/local/server/dispatch.ts'
import { ApiServer } from '../../../platforms/local/server/server.ts'
import { CONSOLE_HEADERS } from '../../../protocol/console-headers.ts'
import type { ApiEvent, ApiHandler, ApiResult } from '../../../protocol/gateway.ts'
import { MAX_BODY_BYTES } from '../../../protocol/limits.ts'
import { rawRequest, sendRaw } from './raw-http.ts'

let server: ApiServer
let host: string
let events: ApiEvent[]
let failures: unknown[]
/** How the handlers answer; a test may put another way here. */
let answer: ApiHandler

beforeEach(async () => {
  server = await ApiServer.listen(0)
  host = `127.0.0.1:${server.port}`
  events = []
  failures = []
  answer = async () => result('{}')
  server.serve(services())
})
afterEach(() => server.close(0))

function services(): Services {
  const handler: ApiHandler = async (event) => {
    events.push(event)
    return answer(event)
  }
  const groups = [
    'public',
    'deployments',
    'calls',
    'containers',
    'logs',
    'blobs',
    'audit',
    'runtime',
  ] as const
  const handlers = Object.fromEntries(
    groups.map((group) => [group, handler]),
  ) as unknown as Services['handlers']
  return { handlers, blobs: () => false, console: () => false, report: ({ error }) => failures.push(error) }
}

const result = (body: ApiResult['body']): ApiResult => ({
  statusCode: 200,
  headers: { 'x-from': 'handler' },
  body,
})
const codeOf = (body: string): string => JSON.parse(body).code
const get = (path: string, headers = {}) =>
  sendRaw(server.port, rawRequest(`GET ${path}`, { host, ...headers }))

test('a request becomes the event that API Gateway would make of it', async () => {
  const response = await fetch(
    `${server.url}/v1/apps/my%20shop/functions/work/calls?env=main&tag=a&tag=b%26c`,
    {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'user-agent': 'test' },
      body: '{"args":["é"]}',
    },
  )
  assert.equal(response.headers.get('x-from'), 'handler')
  await response.text()
  const [event] = events
  assert.ok(event)
  const { version, routeKey, rawPath, rawQueryString, pathParameters, queryStringParameters, body } = event
  assert.deepEqual(
    { version, routeKey, rawPath, rawQueryString, pathParameters, queryStringParameters, body },
    {
      version: '2.0',
      routeKey: 'POST /v1/apps/{app}/functions/{function}/calls',
      rawPath: '/v1/apps/my%20shop/functions/work/calls',
      rawQueryString: 'env=main&tag=a&tag=b%26c',
      pathParameters: { app: 'my shop', function: 'work' },
      queryStringParameters: { env: 'main', tag: 'a,b&c' },
      body: '{"args":["é"]}',
    },
  )
  assert.equal(event.headers.authorization, 'Bearer t')
  assert.equal(event.requestContext.http.userAgent, 'test')
  assert.match(event.requestContext.requestId, /^[0-9a-f-]{36}$/)
})

test('an unknown path is a 404, a known path with another method a 405 that names those it takes', async () => {
  for (const path of ['/', '/v1', '/v1/apps/', '/v1/apps/a/b/c', '/v2/apps', '//v1/apps', '*', '/v1//apps']) {
    const { status, body } = await get(path)
    assert.deepEqual([status, codeOf(body)], [404, 'route_not_found'], path)
  }
  const wrong = await sendRaw(server.port, rawRequest('DELETE /v1/apps/shop/versions', { host }))
  assert.deepEqual([wrong.status, codeOf(wrong.body)], [405, 'method_not_allowed'])
  assert.match(wrong.headers, /\r\nallow: post, get/)
  assert.equal(events.length, 0)
})

test('a segment stays one name, whatever it decodes to, and a bad encoding is refused', async () => {
  await get('/v1/apps/%2e%2e%2f%2e%2e')
  await get('/v1/apps/..')
  assert.deepEqual(
    events.map(({ pathParameters }) => pathParameters?.app),
    ['../..', '..'],
  )
  const malformed = await get('/v1/apps/%e0%a4%')
  assert.deepEqual([malformed.status, codeOf(malformed.body)], [400, 'invalid_request'])
  const climbing = await get('/v1/apps/../../etc/passwd')
  assert.equal(climbing.status, 404)
})

test('a request under a foreign name is refused: the name may have been made to point here', async () => {
  const foreign = [
    'evil.example',
    `evil.example:${server.port}`,
    '127.0.0.1:1',
    'localhost',
    `x.localhost:${server.port}`,
  ]
  for (const name of foreign) {
    const { status, body } = await get('/v1/apps', { host: name })
    assert.deepEqual([status, codeOf(body)], [403, 'forbidden'], name)
  }
  for (const name of [host, `localhost:${server.port}`, `LOCALHOST:${server.port}`, `[::1]:${server.port}`]) {
    assert.equal((await get('/v1/apps', { host: name })).status, 200, name)
  }
  assert.equal((await sendRaw(server.port, rawRequest('GET /v1/apps', {}))).status, 400, 'no name at all')
})

test('a request from a page of another origin is refused, one from our own is not', async () => {
  for (const origin of ['https://evil.example', 'null', `https://${host}`, 'http://localhost']) {
    const { status, body } = await get('/v1/apps', { origin })
    assert.deepEqual([status, codeOf(body)], [403, 'forbidden'], origin)
  }
  assert.equal((await get('/v1/apps', { origin: `http://localhost:${server.port}` })).status, 200)
})

test('a signed URL is no way around the check of the host', async () => {
  let asked = 0
  const other = await ApiServer.listen(0)
  other.serve({
    ...services(),
    blobs: () => {
      asked++
      return false
    },
  })
  await sendRaw(other.port, rawRequest('GET /blobs/x', { host: 'evil.example' }))
  assert.equal(asked, 0)
  await other.close(0)
})

test('the blobs take what is theirs, the routes get the rest', async () => {
  const other = await ApiServer.listen(0)
  other.serve({
    ...services(),
    blobs: (incoming, response) => {
      if (!incoming.url?.startsWith('/blobs/')) return false
      response.end('content')
      return true
    },
  })
  assert.equal(await (await fetch(`${other.url}/blobs/x`)).text(), 'content')
  assert.equal(await (await fetch(`${other.url}/healthz`)).text(), '{}')
  await other.close(0)
})

test('nothing that is answered can become a page or a script at the console’s origin', async () => {
  const other = await ApiServer.listen(0)
  other.serve({
    ...services(),
    blobs: (incoming, response) => {
      if (!incoming.url?.startsWith('/blobs/')) return false
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end('<script>alert(1)</script>')
      return true
    },
    console: ({ url }, response) => {
      if (url !== '/unbuilt') return false
      response.writeHead(503).end()
      return true
    },
  })
  for (const path of ['/blobs/x', '/healthz', '/v1/none', '/unbuilt', '/v1/apps/%']) {
    const { headers } = await fetch(other.url + path)
    for (const [name, value] of Object.entries(CONSOLE_HEADERS)) assert.equal(headers.get(name), value, path)
  }
  const foreign = await sendRaw(other.port, rawRequest('GET /', { host: 'evil.example' }))
  assert.match(foreign.headers, /\r\nx-content-type-options: nosniff/)
  await other.close(0)
})

test('a body that is too large is refused when its sender is ready to hear it', async () => {
  const sent = await fetch(`${server.url}/v1/blobs/missing`, {
    method: 'POST',
    body: Buffer.alloc(MAX_BODY_BYTES + 1, 0x20),
  })
  assert.deepEqual([sent.status, codeOf(await sent.text())], [413, 'payload_too_large'])
  const announced = await sendRaw(
    server.port,
    rawRequest('POST /v1/blobs/missing', { host, 'content-length': String(10 * 1024 ** 3) }),
  )
  assert.deepEqual([announced.status, codeOf(announced.body)], [413, 'payload_too_large'])
  assert.match(announced.headers, /connection: close/)
  assert.equal(events.length, 0)
})

test('a body that never ends is answered and cut off', async () => {
  const socket = connect(server.port, '127.0.0.1')
  socket.write(rawRequest('POST /v1/blobs/missing', { host, 'transfer-encoding': 'chunked' }))
  const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`
  const write = (error?: Error | null): void => {
    if (!error) socket.write(chunk, write)
  }
  const closed = new Promise((resolve) => socket.on('error', () => {}).on('close', resolve))
  let answered = ''
  socket.on('data', (data) => {
    answered += data
  })
  write()
  await closed
  assert.match(answered, /^HTTP\/1\.1 413 /)
  assert.equal(events.length, 0)
})

test('what is refused before its body is read leaves the connection usable', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const sockets = new Set<Socket>()
  for (const path of ['/nowhere', '/healthz', '/nowhere']) {
    const outgoing = request({ port: server.port, host: '127.0.0.1', path, method: 'POST', agent })
    outgoing.on('socket', (socket) => sockets.add(socket))
    outgoing.end('x'.repeat(100_000))
    const [incoming] = await once(outgoing, 'response')
    assert.ok([404, 405].includes(incoming.statusCode))
    await text(incoming)
  }
  assert.equal(sockets.size, 1)
  agent.destroy()
})

test('a sender who goes away before the end of its body is nobody to answer, and no failure', async () => {
  const socket = connect(server.port, '127.0.0.1')
  socket.write(rawRequest('POST /v1/blobs/missing', { host, 'content-length': '100' }, 'half'))
  await once(socket, 'connect')
  socket.destroy()
  await once(socket, 'close')
  assert.equal((await get('/healthz')).status, 200)
  assert.deepEqual([events.length, failures], [1, []])
})

test('a failure that nobody foresaw is a 500 that shows nothing but where to look', async () => {
  answer = () => Promise.reject(new Error('the password is hunter2'))
  const response = await fetch(`${server.url}/healthz`)
  const body = await response.text()
  assert.deepEqual([response.status, codeOf(body)], [500, 'internal'])
  assert.ok(body.includes(response.headers.get('x-request-id') ?? '-'))
  assert.doesNotMatch(body, /hunter2|\.ts/)
  assert.equal(failures.length, 1)
})

test('a body in pieces is sent as they come, and breaks off where it fails', async () => {
  const { promise: second, resolve: sendSecond } = Promise.withResolvers<string>()
  answer = async () =>
    result(
      (async function* () {
        yield 'one'
        yield await second
        throw new Error('lost')
      })(),
    )
  const response = await fetch(`${server.url}/healthz`)
  const pieces = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  assert.equal((await pieces?.read())?.value, 'one')
  sendSecond('two')
  assert.equal((await pieces?.read())?.value, 'two')
  await assert.rejects(async () => pieces?.read())
  assert.equal(failures.length, 1)
})

test('requests that come before the handlers are there wait for them', async () => {
  const other = await ApiServer.listen(0)
  const early = fetch(`${other.url}/healthz`)
  await once(connect(other.port, '127.0.0.1').end(), 'close')
  other.serve(services())
  assert.equal((await early).status, 200)
  await other.close(0)
})

test('a close lets what is being answered end, and takes nothing new', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  answer = async () => {
    begin()
    await held
    return result('"late"')
  }
  const slow = fetch(`${server.url}/healthz`)
  await begun
  const closed = server.close(10_000)
  await assert.rejects(fetch(`${server.url}/healthz`))
  release()
  assert.equal(await (await slow).text(), '"late"')
  await closed
})

test('a close waits no longer than it is told to', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  answer = () => {
    begin()
    return new Promise(() => {})
  }
  const slow = fetch(`${server.url}/healthz`)
  slow.catch(() => {})
  await begun
  await server.close(20)
  await assert.rejects(slow)
})

test('a port that is taken says so', async () => {
  await assert.rejects(ApiServer.listen(server.port), { code: 'EADDRINUSE' })
})
