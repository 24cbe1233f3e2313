import assert from 'node:assert/strict'
import { Agent, type ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import { begin, RawClient, send } from '../../fixtures/http-client.ts'
import { ENDPOINT, HOST, localIngress } from '../../fixtures/local-ingress.ts'
import { textOf } from '../../fixtures/web-container.ts'

describe('An ingress that closes', () => {
  it('takes nothing new, but what is in flight ends', async (t) => {
    const { ingress, address, pointAt } = await localIngress(t)
    const { promise: opened, resolve } = Promise.withResolvers<ServerResponse>()
    await pointAt((_, response) => resolve(response.writeHead(200)))
    const agent = new Agent({ keepAlive: true })
    t.after(() => agent.destroy())
    const answer = send(address, HOST, { agent })
    const stream = await opened

    // Not even the last resort is needed.
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const closed = ingress.close()
    await assert.rejects(send(address, HOST), { code: 'ECONNREFUSED' })
    stream.end('to its end')

    assert.equal((await answer).body, 'to its end')
    await closed
  })

  it('closes idle connections, and sends away who waits', async (t) => {
    const { ingress, address, waiting } = await localIngress(t)
    const idle = await RawClient.connect(address)
    idle.say('GET / HTTP/1.1', 'Host: nobody', '')
    await idle.until('endpoint_not_found')
    await ingress.point(ENDPOINT, [])
    const waiter = send(address, HOST)
    while (waiting.length === 0) await new Promise(setImmediate)

    const closed = ingress.close()

    const { status, body } = await waiter
    assert.equal(status, 503)
    assert.match(body, /shutting down/)
    await Promise.all([closed, idle.closed])
  })

  it('breaks off after five seconds what has not ended by itself', async (t) => {
    const { ingress, address, serve, released } = await localIngress(t)
    const container = await serve((_, response) => response.write('begun'))
    const ended = Promise.withResolvers<void>()
    container.server.on('upgrade', (_, socket) => {
      socket.resume().on('end', ended.resolve)
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n')
    })
    await ingress.point(ENDPOINT, [container.target])
    const stream = await begin(address, HOST)
    const upgraded = await RawClient.connect(address)
    upgraded.say('GET / HTTP/1.1', `Host: ${HOST}`, 'Connection: Upgrade', 'Upgrade: chat', '')
    await upgraded.until('101')
    await ingress.point(ENDPOINT, [])

    t.mock.timers.enable({ apis: ['setTimeout'] })
    const closed = ingress.close()
    t.mock.timers.tick(4_999)
    await new Promise(setImmediate)
    assert.equal(upgraded.socket.destroyed, false)
    t.mock.timers.tick(1)

    await Promise.all([closed, upgraded.closed, assert.rejects(textOf(stream), { code: 'ECONNRESET' })])
    released.length = 0
    await ended.promise
    assert.deepEqual(released, [], 'nobody listens any more')
  })

  it('says so when its port is taken', async (t) => {
    const { address } = await localIngress(t)
    const { LocalIngress } = await import('../../../platforms/local/ingress/ingress.ts')
    const second = new LocalIngress({ onWaiting() {}, onReleased() {}, coldStartTimeoutMs: 1 })
    await assert.rejects(second.listen(address.port), { code: 'EADDRINUSE' })
  })
})
