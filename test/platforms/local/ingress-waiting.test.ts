import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { WebSocket } from 'ws'
import { RawClient, send } from '../../fixtures/http-client.ts'
import { ENDPOINT, HOST, type IngressScene, localIngress, OWNER } from '../../fixtures/local-ingress.ts'
import { textOf } from '../../fixtures/web-container.ts'

describe('A request without a container', () => {
  it('waits for one, body and all, in the order in which it came', async (t) => {
    const scene = await localIngress(t)
    await scene.ingress.point(ENDPOINT, [])
    const answers: Promise<string>[] = []
    for (const body of ['first', 'second', 'third']) {
      answers.push(send(scene.address, HOST, { method: 'POST', body }).then((answer) => answer.body))
      await waitingIs(scene, answers.length)
    }
    const order: string[] = []
    await scene.pointAt(async (received, response) => {
      const body = await textOf(received)
      order.push(body)
      response.end(body)
    })
    assert.deepEqual(await Promise.all(answers), ['first', 'second', 'third'])
    assert.deepEqual(order, ['first', 'second', 'third'])
    await waitingIs(scene, 0)
  })

  it('is reported once per turn of the event loop, however many come', async (t) => {
    const scene = await localIngress(t)
    await scene.ingress.point(ENDPOINT, [])
    const client = await RawClient.connect(scene.address)
    client.say(...Array.from({ length: 50 }, () => ['GET / HTTP/1.1', `Host: ${HOST}`, '']).flat())
    await waitingIs(scene, 50)
    await scene.pointAt((_, response) => response.end())
    await waitingIs(scene, 0)
    assert.deepEqual(scene.waiting, [
      { owner: OWNER, waiting: 50 },
      { owner: OWNER, waiting: 0 },
    ])
    client.socket.destroy()
  })

  it('stops waiting when its client goes away', async (t) => {
    const scene = await localIngress(t)
    await scene.ingress.point(ENDPOINT, [])
    const client = await RawClient.connect(scene.address)
    client.say('GET / HTTP/1.1', `Host: ${HOST}`, '')
    await waitingIs(scene, 1)
    client.socket.destroy()
    await waitingIs(scene, 0)
    let asked = 0
    await scene.pointAt((_, response) => {
      asked += 1
      response.end()
    })
    await send(scene.address, HOST)
    assert.equal(asked, 1)
  })

  it('gets the fault where the domain finds that none will come, and so do later ones', async (t) => {
    const scene = await localIngress(t)
    await scene.ingress.point(ENDPOINT, [])
    const waiter = send(scene.address, HOST)
    await waitingIs(scene, 1)
    await scene.ingress.point(ENDPOINT, [], 'v1 never became ready')
    for (const { status, body } of [await waiter, await send(scene.address, HOST)]) {
      assert.equal(status, 503)
      assert.equal(JSON.parse(body).detail, 'v1 never became ready')
    }
  })

  it('gives up in time, and says for how long it waited and where to look', async (t) => {
    const scene = await localIngress(t, 30)
    await scene.ingress.point(ENDPOINT, [])
    const { status, body } = await send(scene.address, HOST)
    assert.equal(status, 504)
    assert.match(JSON.parse(body).detail, /No container of web .* within 0\.03 s.*sluice app logs shop/)
    await waitingIs(scene, 0)
  })

  it('gets 404 when its endpoint goes', async (t) => {
    const scene = await localIngress(t)
    await scene.ingress.point(ENDPOINT, [])
    const waiter = send(scene.address, HOST)
    await waitingIs(scene, 1)
    await scene.ingress.remove(OWNER, 1, [])
    assert.equal((await waiter).status, 404)
  })

  it('goes on waiting while the endpoint is pointed at nothing again', async (t) => {
    const scene = await localIngress(t)
    await scene.ingress.point(ENDPOINT, [])
    const waiter = send(scene.address, HOST)
    await waitingIs(scene, 1)
    await scene.ingress.point(ENDPOINT, [])
    await scene.pointAt((_, response) => response.end('at last'))
    assert.equal((await waiter).body, 'at last')
  })

  it('may be one for a WebSocket', async (t) => {
    const scene = await localIngress(t)
    await scene.ingress.point(ENDPOINT, [])
    const gone = new WebSocket(`ws://127.0.0.1:${scene.address.port}`, { headers: { host: HOST } })
    gone.on('error', () => {})
    await waitingIs(scene, 1)
    gone.terminate()
    await waitingIs(scene, 0)
    const socket = new WebSocket(`ws://127.0.0.1:${scene.address.port}`, { headers: { host: HOST } })
    await waitingIs(scene, 1)
    await scene.ingress.point(ENDPOINT, [], 'there will be none')
    const [, response] = await once(socket, 'unexpected-response')
    assert.equal(response.statusCode, 503)
    socket.on('error', () => {})
    socket.terminate()
  })
})

async function waitingIs({ waiting }: IngressScene, count: number): Promise<void> {
  while ((waiting.at(-1)?.waiting ?? 0) !== count) await new Promise(setImmediate)
}
