import assert from 'node:assert/strict'
import { request } from 'node:http'
import { describe, it } from 'node:test'
import { begin, RawClient } from '../../fixtures/http-client.ts'
import { ENDPOINT, HOST, localIngress } from '../../fixtures/local-ingress.ts'
import { textOf } from '../../fixtures/web-container.ts'

const BIG = Buffer.alloc(30_000_000)

describe('What is said before, instead of and after a body', () => {
  it('lets the client send its body only once there is a container for it', async (t) => {
    const { address, ingress, waiting, pointAt } = await localIngress(t)
    await ingress.point(ENDPOINT, [])
    const client = await RawClient.connect(address)
    client.say(
      'POST / HTTP/1.1',
      `Host: ${HOST}`,
      'Expect: 100-continue',
      'Content-Length: 4',
      'Connection: close',
      '',
    )
    while (waiting.length === 0) await new Promise(setImmediate)
    assert.equal(client.received, '')
    await pointAt(async (received, response) => {
      assert.equal(received.headers.expect, undefined)
      response.end(`got ${await textOf(received)}`)
    })
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/)
    client.socket.write('body')
    await client.closed
    assert.match(client.received, /HTTP\/1\.1 200 .*got body/s)
  })

  it('does not ask for a body that the answer does not depend on', async (t) => {
    const { address } = await localIngress(t)
    const client = await RawClient.connect(address)
    client.say('POST / HTTP/1.1', 'Host: nobody', 'Expect: 100-continue', 'Content-Length: 4', '')
    await client.until('endpoint_not_found')
    assert.match(client.received, /^HTTP\/1\.1 404 /)
    client.socket.destroy()
  })

  it('relays an answer that comes before the body has, and the connection lives on', async (t) => {
    const { address, pointAt } = await localIngress(t)
    // Late enough for everything between the two ends to be full.
    await pointAt(({ url }, response) => {
      if (url === '/next') response.end()
      else setTimeout(() => response.writeHead(413).end(), 50)
    })
    const client = await RawClient.connect(address)
    client.say('POST /big HTTP/1.1', `Host: ${HOST}`, `Content-Length: ${BIG.length}`, '')
    client.socket.write(BIG)
    client.say('GET /next HTTP/1.1', `Host: ${HOST}`, 'Connection: close', '')
    await client.closed
    assert.match(client.received, /^HTTP\/1\.1 413 .*HTTP\/1\.1 200 /s)
  })

  it('relays what the container has to say in advance', async (t) => {
    const { address, pointAt } = await localIngress(t)
    await pointAt((_, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' })
      response.end('page')
    })
    const client = await RawClient.connect(address)
    client.say('GET / HTTP/1.1', `Host: ${HOST}`, 'Connection: close', '')
    await client.closed
    assert.match(
      client.received,
      /^HTTP\/1\.1 103 Early Hints\r\nlink: <\/style.css>.*\r\n\r\nHTTP\/1\.1 200 .*page/is,
    )
  })

  it('does not let an answer look complete that the container broke off', async (t) => {
    const { address, pointAt } = await localIngress(t)
    await pointAt((_, response) => {
      response.write('half of ')
      setImmediate(() => response.destroy())
    })
    const response = await begin(address, HOST)
    await assert.rejects(textOf(response), { code: 'ECONNRESET' })
  })

  it('stops the container when the client goes away, in either direction', async (t) => {
    const { address, pointAt, ingress } = await localIngress(t)
    const closed = { '/up': Promise.withResolvers<void>(), '/down': Promise.withResolvers<void>() }
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
    const target = await pointAt((received, response) => {
      const { resolve } = closed[received.url === '/up' ? '/up' : '/down']
      response.on('close', resolve)
      if (received.url === '/up') received.once('data', () => arrive())
      else response.write('begun')
    })
    const download = await begin(address, HOST, { path: '/down' })
    download.destroy()
    await closed['/down'].promise
    const upload = request({ ...address, path: '/up', method: 'POST', headers: { host: HOST }, agent: false })
    upload.on('error', () => {})
    upload.write('begun')
    await arrived
    upload.destroy()
    await closed['/up'].promise
    await ingress.point(ENDPOINT, [])
    assert.equal(await ingress.isReleased(target.container), true)
  })
})
