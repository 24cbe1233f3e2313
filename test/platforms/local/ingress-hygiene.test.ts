import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, it } from 'node:test'
import { RawClient, send } from '../../fixtures/http-client.ts'
import { ENDPOINT, HOST, localIngress } from '../../fixtures/local-ingress.ts'

const HOST_LINE = `Host: ${HOST}`

describe('What crosses the ingress', () => {
  it('leaves behind what belongs to the client’s connection, and what that names', async (t) => {
    const { address, pointAt } = await localIngress(t)
    await pointAt(({ rawHeaders }, response) => response.end(JSON.stringify(rawHeaders)))
    const client = await RawClient.connect(address)
    client.say(
      'GET / HTTP/1.1',
      HOST_LINE,
      'Connection: close, X-Secret , keep-alive',
      'X-Secret: for the first hop',
      'Keep-Alive: timeout=5',
      'TE: trailers',
      'Trailer: x-sum',
      'Proxy-Connection: keep-alive',
      'Proxy-Authorization: Basic eA==',
      'Proxy: http://evil.example',
      'Upgrade: h2c',
      'X-Kept: yes',
      'Cookie: a=1',
      'Cookie: b=2',
      '',
    )
    await client.closed
    const headers = namesAndValues(client.received)
    assert.deepEqual(
      headers.filter(([name]) => !name.startsWith('x-forwarded-')),
      [
        ['host', HOST],
        ['connection', 'keep-alive'],
        ['x-kept', 'yes'],
        ['cookie', 'a=1'],
        ['cookie', 'b=2'],
      ],
    )
  })

  it('replaces what the client claims about earlier hops', async (t) => {
    const { address, pointAt } = await localIngress(t)
    await pointAt(({ headers }, response) => response.end(JSON.stringify(headers)))
    const { body } = await send(address, HOST, {
      headers: {
        'x-forwarded-for': '6.6.6.6',
        'x-forwarded-host': 'bank.example',
        'x-forwarded-proto': 'https',
        'x-forwarded-port': '443',
        forwarded: 'for=6.6.6.6;proto=https',
        connection: 'x-forwarded-for',
      },
    })
    const headers = JSON.parse(body)
    assert.equal(headers['x-forwarded-for'], '127.0.0.1')
    assert.equal(headers['x-forwarded-host'], HOST)
    assert.equal(headers['x-forwarded-proto'], 'http')
    assert.equal(headers['x-forwarded-port'], String(address.port))
    assert.equal(headers.forwarded, undefined)
  })

  it('leaves behind what belongs to the container’s connection', async (t) => {
    const { address, ingress } = await localIngress(t)
    const container = createServer((socket) => {
      socket.once('data', () => {
        const lines = [
          'HTTP/1.1 200 Fine',
          'Connection: close, x-internal',
          'X-Internal: 1',
          'Proxy-Authenticate: Basic',
          'Keep-Alive: timeout=1',
          'Trailer: x-sum',
          'X-Kept: yes',
          'Content-Length: 2',
        ]
        socket.end(`${lines.join('\r\n')}\r\n\r\nok`)
      })
    }).listen(0, '127.0.0.1')
    t.after(() => container.close())
    await once(container, 'listening')
    const { port } = container.address() as AddressInfo
    await ingress.point(ENDPOINT, [{ container: 'co-raw', version: 1, address: `127.0.0.1:${port}` }])
    const { headers, body } = await send(address, HOST, { headers: { connection: 'keep-alive' } })
    const { date, ...rest } = headers
    assert.equal(body, 'ok')
    assert.ok(date)
    assert.deepEqual(rest, {
      'x-kept': 'yes',
      'content-length': '2',
      connection: 'keep-alive',
      'keep-alive': 'timeout=75',
    })
  })

  const smuggled = ['GET /smuggled HTTP/1.1', HOST_LINE, '', '']
  const ambiguous: Record<string, string[]> = {
    'both a length and chunks': ['Content-Length: 4', 'Transfer-Encoding: chunked', '', '0', '', ...smuggled],
    'chunks and a length': ['Transfer-Encoding: chunked', 'Content-Length: 4', '', '0', '', ...smuggled],
    'two lengths': ['Content-Length: 0', 'Content-Length: 30', '', ...smuggled],
    'a length that is no number': ['Content-Length: +4', '', ...smuggled],
    'a space before the colon': ['Content-Length : 30', '', ...smuggled],
    'a folded header': ['X-A: 1', ' Content-Length: 30', '', ...smuggled],
    'an unknown transfer coding': ['Transfer-Encoding: gzip, chunked', '', '0', '', ...smuggled],
    'a disguised transfer coding': ['Transfer-Encoding: xchunked', '', '0', '', ...smuggled],
    'chunked, twice': ['Transfer-Encoding: chunked, chunked', '', '0', '', ...smuggled],
    'two hosts': ['Host: nobody.localhost', '', ...smuggled],
    'a bare line feed': ['X-A: 1\nContent-Length: 30', '', ...smuggled],
  }
  for (const [what, lines] of Object.entries(ambiguous)) {
    it(`refuses a request with ${what}, and whatever follows it`, async (t) => {
      const { address, pointAt } = await localIngress(t)
      const seen: string[] = []
      await pointAt((received, response) => {
        seen.push(received.url ?? '')
        response.end()
      })
      const client = await RawClient.connect(address)
      client.say('POST /first HTTP/1.1', HOST_LINE, ...lines)
      await client.closed
      assert.match(client.received, /^HTTP\/1\.1 400 /)
      assert.equal(client.received.match(/HTTP\/1\.1 /g)?.length, 1)
      assert.deepEqual(seen, [])
    })
  }

  it('refuses a head of more than 64 KiB', async (t) => {
    const { address } = await localIngress(t)
    const client = await RawClient.connect(address)
    client.say('GET / HTTP/1.1', HOST_LINE, `X-Long: ${'x'.repeat(70_000)}`, '')
    await client.closed
    assert.match(client.received, /^HTTP\/1\.1 431 /)
  })

  it('breaks off a request whose chunks turn out malformed', async (t) => {
    const { address, pointAt } = await localIngress(t)
    const [begun, aborted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    await pointAt((received) => {
      received.on('data', () => begun.resolve())
      received.on('error', () => aborted.resolve())
    })
    const client = await RawClient.connect(address)
    client.say('POST / HTTP/1.1', HOST_LINE, 'Transfer-Encoding: chunked', '', '2', 'ok')
    await begun.promise
    client.say('zz', 'no')
    await client.closed
    await aborted.promise
    assert.match(client.received, /^HTTP\/1\.1 400 /)
  })

  it('answers requests sent without waiting, in their order', async (t) => {
    const { address, pointAt } = await localIngress(t)
    const open: (() => void)[] = []
    await pointAt(({ url }, response) => {
      open.push(() => response.end(`<${url}>`))
      // The later one is ready first.
      if (open.length === 2) for (const end of open.reverse()) end()
    })
    const client = await RawClient.connect(address)
    client.say('GET /1 HTTP/1.1', HOST_LINE, '', 'GET /2 HTTP/1.1', HOST_LINE, 'Connection: close', '')
    await client.closed
    assert.deepEqual(client.received.match(/<.*?>/g), ['</1>', '</2>'])
  })

  it('passes bytes of the Latin-1 range through headers unharmed', async (t) => {
    const { address, pointAt } = await localIngress(t)
    await pointAt(({ headers }, response) => response.setHeader('x-echo', headers['x-note'] ?? '').end())
    const { headers } = await send(address, HOST, { headers: { 'x-note': 'caf\u00e9' } })
    assert.equal(headers['x-echo'], 'caf\u00e9')
  })

  it('serves clients of HTTP/1.0 as they expect it', async (t) => {
    const { address, pointAt } = await localIngress(t)
    await pointAt((_, response) => {
      response.write('no ')
      response.end('chunks')
    })
    const client = await RawClient.connect(address)
    client.say('GET / HTTP/1.0', HOST_LINE, '')
    await client.closed
    assert.match(client.received, /\r\n\r\nno chunks$/)
  })
})

function namesAndValues(answer: string): [string, string][] {
  const raw: string[] = JSON.parse(answer.slice(answer.indexOf('['), answer.lastIndexOf(']') + 1))
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ''] as [string, string]] : []))
}
