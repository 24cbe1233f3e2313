import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { describe, it, type TestContext } from 'node:test'
import { RawClient } from '../../fixtures/http-client.ts'
import { ENDPOINT, HOST, localIngress, OWNER } from '../../fixtures/local-ingress.ts'
import type { WebContainer } from '../../fixtures/web-container.ts'

const UPGRADE = [
  'GET /socket HTTP/1.1',
  `Host: ${HOST}`,
  'Connection: keep-alive, Upgrade',
  'Upgrade: chat/1',
  'X-Kept: yes',
  '',
]
const AGREED =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat/1\r\nX-Agreed: yes\r\n\r\n'

describe('A connection that leaves HTTP', () => {
  it('carries every byte both ways, also those sent before the other side agreed', async (t) => {
    const { client, accept } = await scene(t)
    client.say(...UPGRADE, 'too early?')
    const { request, socket } = await accept()
    assert.equal(request.headers.upgrade, 'chat/1')
    assert.equal(request.headers.connection, 'upgrade')
    assert.equal(request.headers['x-kept'], 'yes')
    assert.equal(request.headers['x-forwarded-for'], '127.0.0.1')

    socket.write(`${AGREED}welcome`)
    const greeting = await client.until('welcome')
    assert.match(greeting, /^HTTP\/1\.1 101 .*\r\nx-agreed: yes\r\n.*\r\n\r\nwelcome$/s)
    assert.match(greeting, /\r\nconnection: upgrade\r\nupgrade: chat\/1\r\n/)
    assert.equal(await read(socket), 'too early?\r\n')
    client.socket.write('later')
    assert.equal(await read(socket), 'later')
    client.socket.destroy()
  })

  it('lets a client that has said everything go on listening', async (t) => {
    const { client, accept } = await scene(t, { allowHalfOpen: true })
    client.say(...UPGRADE)
    const { socket } = await accept()
    socket.write(AGREED)
    await client.until('101')
    client.socket.end('last words')
    await once(socket.resume(), 'end')
    socket.end('heard you')
    await client.closed
    assert.match(client.received, /heard you$/)
  })

  it('lets a container that has said everything go on listening', async (t) => {
    const { client, accept } = await scene(t, { allowHalfOpen: true })
    client.say(...UPGRADE)
    const { socket } = await accept()
    socket.end(`${AGREED}that is all`)
    await client.until('that is all')
    await once(client.socket, 'end')
    client.socket.end('heard you')
    assert.equal(await read(socket), 'heard you')
  })

  it('is over on both sides when it breaks on one', async (t) => {
    const { client, accept, container, ingress } = await scene(t)
    client.say(...UPGRADE)
    const first = await accept()
    first.socket.write(AGREED)
    await client.until('101')
    client.socket.resetAndDestroy()
    await once(first.socket.resume(), 'end')

    const other = await client.again()
    other.say(...UPGRADE)
    const second = await accept()
    second.socket.write(AGREED)
    await other.until('101')
    second.socket.destroy()
    await other.closed
    await ingress.point(ENDPOINT, [])
    while (!(await ingress.isReleased(container.target.container))) await new Promise(setImmediate)
  })

  it('is over when a client breaks off that had nothing more to say', async (t) => {
    const { client, accept, container, ingress } = await scene(t, { allowHalfOpen: true })
    client.say(...UPGRADE)
    const { socket } = await accept()
    socket.on('error', () => {})
    socket.write(AGREED)
    await client.until('101')
    client.socket.end()
    await once(socket.resume(), 'end')
    client.socket.resetAndDestroy()
    socket.write('is anybody there?')
    await ingress.point(ENDPOINT, [])
    while (!(await ingress.isReleased(container.target.container))) await new Promise(setImmediate)
  })

  it('is forgotten when the client breaks off before the container has agreed', async (t) => {
    const { client, accept } = await scene(t)
    client.say(...UPGRADE)
    const { socket } = await accept()
    client.socket.resetAndDestroy()
    await once(socket.resume(), 'end')
  })

  it('stays with its container, which is released when it closes', async (t) => {
    const { client, accept, container, ingress, released } = await scene(t)
    client.say(...UPGRADE)
    const { socket } = await accept()
    socket.write(AGREED)
    await client.until('101')
    await ingress.point(ENDPOINT, [])
    assert.equal(await ingress.isReleased(container.target.container), false)
    client.socket.end()
    socket.end()
    await client.closed
    while (released.length === 0) await new Promise(setImmediate)
    assert.deepEqual(released, [{ owner: OWNER, container: container.target.container }])
  })

  it('does not, where the container declines: its answer is relayed as it is', async (t) => {
    const { client, accept } = await scene(t)
    client.say(...UPGRADE)
    const { socket } = await accept()
    const body = 'x'.repeat(1_000_000)
    socket.end(
      `HTTP/1.1 426 Upgrade Required\r\nX-Why: version\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    await client.closed
    assert.match(client.received, /^HTTP\/1\.1 426 .*x-why: version\r\n/s)
    assert.ok(client.received.endsWith(`\r\n\r\n${body}`))
  })

  it('is answered 502 where the container hangs up instead', async (t) => {
    const { client, accept } = await scene(t)
    client.say(...UPGRADE)
    ;(await accept()).socket.destroy()
    ;(await accept()).socket.destroy()
    await client.closed
    assert.match(client.received, /^HTTP\/1\.1 502 .*endpoint_unreachable/s)
  })

  for (const [what, lines] of Object.entries({
    'an offer of HTTP/2': [
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABk',
      '',
    ],
    'an offer with a body': ['Connection: close, Upgrade', 'Upgrade: chat/1', 'Content-Length: 2', '', 'ok'],
  })) {
    it(`does not for ${what}, which is a plain request`, async (t) => {
      const { client, container } = await scene(t)
      container.server.on('request', ({ headers }: IncomingMessage) =>
        assert.equal(headers.upgrade, undefined),
      )
      client.say('GET /plain HTTP/1.1', `Host: ${HOST}`, ...lines)
      await client.until(/^HTTP\/1\.1 200 .*\/plain/s)
      client.socket.destroy()
    })
  }
})

interface Arrival {
  request: IncomingMessage
  socket: Duplex
}

async function scene(t: TestContext, { allowHalfOpen = false } = {}) {
  const { ingress, address, serve, released } = await localIngress(t)
  const container = await serve(({ url }, response) => response.end(url))
  await ingress.point(ENDPOINT, [container.target])
  const connect = async () => {
    const client = await RawClient.connect(address, { allowHalfOpen })
    t.after(() => client.socket.destroy())
    return client
  }
  const client = Object.assign(await connect(), { again: connect })
  return { ingress, client, container, released, accept: arrivals(container) }
}

/** What comes to the container to leave HTTP, one after the other. */
function arrivals({ server }: WebContainer): () => Promise<Arrival> {
  const queue: Arrival[] = []
  let wake = () => {}
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (head.length > 0) socket.unshift(head)
    queue.push({ request, socket })
    wake()
  })
  return async () => {
    for (;;) {
      const arrival = queue.shift()
      if (arrival) return arrival
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
}

async function read(socket: Duplex): Promise<string> {
  const [chunk] = await once(socket, 'data')
  return String(chunk)
}
