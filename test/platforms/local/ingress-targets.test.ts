import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import type { Target } from '../../../control/ports.ts'
import { begin, send } from '../../fixtures/http-client.ts'
import { ENDPOINT, HOST, localIngress, OWNER } from '../../fixtures/local-ingress.ts'
import { goneContainer, textOf, webContainer } from '../../fixtures/web-container.ts'

const REFUSED = 'undici:client:connectError'

describe('Where the ingress sends a request', () => {
  it('is the target with the fewest in flight', async (t) => {
    const { ingress, address, serve } = await localIngress(t)
    const busy = await serve((_, response) => response.flushHeaders(), 1)
    const free = await serve((_, response) => response.end(), 2)
    await ingress.point(ENDPOINT, [busy.target])
    const stuck = await begin(address, HOST)

    await ingress.point(ENDPOINT, [busy.target, free.target])
    const versions: unknown[] = []
    for (let sent = 0; sent < 6; sent += 1)
      versions.push((await send(address, HOST)).headers['sluice-version'])

    assert.deepEqual(versions, ['2', '2', '2', '2', '2', '2'])
    stuck.destroy()
  })

  it('is no container that was told that it may leave, whatever a late plan says', async (t) => {
    const { ingress, address, serve } = await localIngress(t)
    const leaving = await serve((_, response) => response.end(), 1)
    const staying = await serve((_, response) => response.end(), 2)
    assert.equal(await ingress.isReleased(leaving.target.container), true)
    await ingress.point(ENDPOINT, [leaving.target, staying.target])
    for (let sent = 0; sent < 4; sent += 1)
      assert.equal((await send(address, HOST)).headers['sluice-version'], '2')
  })

  it('is another target where one cannot be reached, with the whole body', async (t) => {
    const { ingress, address, serve } = await localIngress(t)
    const { target } = await serve(async (request, response) => response.end(await textOf(request)))
    await ingress.point(ENDPOINT, [goneContainer(), target])
    for (const body of ['one', 'two', 'three', 'four']) {
      const answer = await send(address, HOST, { method: 'POST', body })
      assert.deepEqual([answer.status, answer.body], [200, body])
    }
  })

  it('is another target where one hangs up on a request that may be repeated', async (t) => {
    const { ingress, address, serve } = await localIngress(t)
    const rude = await hangingUp(t)
    const { target } = await serve((_, response) => response.end())
    await ingress.point(ENDPOINT, [rude.target, target])
    for (const method of ['GET', 'GET', 'HEAD', 'HEAD', 'PUT', 'PUT', 'DELETE', 'DELETE']) {
      assert.equal((await send(address, HOST, { method })).status, 200, method)
    }
    assert.equal(rude.heads.length, 4)
  })

  for (const sent of [{ method: 'POST' }, { method: 'POST', body: 'x' }, { method: 'PUT', body: 'x' }]) {
    it(`is one target only for ${sent.method} ${sent.body ? 'with' : 'without'} a body that one may have acted on`, async (t) => {
      const { ingress, address, serve } = await localIngress(t)
      const rude = await hangingUp(t)
      let reached = 0
      const { target } = await serve((_, response) => {
        reached += 1
        response.end()
      })
      await ingress.point(ENDPOINT, [rude.target, target])
      const answers = [await send(address, HOST, sent), await send(address, HOST, sent)]
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 502])
      assert.deepEqual([rude.heads.length, reached], [1, 1])
    })
  }

  it('is the only one once its process is back, for a request that it knows nothing of', async (t) => {
    const { ingress, address, serve } = await localIngress(t)
    const { target, close } = await serve(() => assert.fail('It is gone.'))
    await close()
    await ingress.point(ENDPOINT, [target])
    const { promise: refusedAgain, resolve } = Promise.withResolvers<void>()
    let refusals = 0
    const count = () => {
      refusals += 1
      if (refusals === 3) resolve()
    }
    subscribe(REFUSED, count)
    t.after(() => unsubscribe(REFUSED, count))
    const answer = send(address, HOST, { method: 'POST', body: 'x' })
    await Promise.race([refusedAgain, answer])
    const port = Number(target.address.split(':')[1])
    const back = await webContainer(async (got, response) => response.end(await textOf(got)), { port })
    t.after(() => back.close())
    const { status, body } = await answer
    assert.deepEqual([status, body], [200, 'x'])
  })

  it('is told of by what may have become of it, also where nobody was there for its repetition', async (t) => {
    const { ingress, address } = await localIngress(t, 1)
    const rude = await hangingUp(t, { once: true })
    await ingress.point(ENDPOINT, [rude.target])
    const { status, body } = await send(address, HOST)
    assert.equal(status, 502)
    assert.match(JSON.parse(body).detail, /it may have acted on the request/)
    assert.match(JSON.parse((await send(address, HOST)).body).detail, /it knows nothing of the request/)
  })

  it('is reached over a connection that was kept', async (t) => {
    const { ingress, address, serve } = await localIngress(t)
    const container = await serve((_, response) => response.end())
    let connections = 0
    container.server.on('connection', () => {
      connections += 1
    })
    await ingress.point(ENDPOINT, [container.target])
    for (const method of ['GET', 'POST', 'GET', 'POST']) await send(address, HOST, { method })
    assert.equal(connections, 1)
  })

  it('is a fresh connection where the container closed an idle one', async (t) => {
    const { ingress, address, serve } = await localIngress(t)
    const container = await serve((_, response) => response.end())
    await ingress.point(ENDPOINT, [container.target])
    for (let round = 0; round < 20; round += 1) {
      assert.equal((await send(address, HOST, { method: 'POST', body: 'x' })).status, 200)
      container.server.closeIdleConnections()
    }
  })
})

describe('A container that is no target any more', () => {
  it('is released at once where nothing is in flight, and its idle connections are closed', async (t) => {
    const { ingress, address, serve, released } = await localIngress(t)
    const old = await serve((_, response) => response.end())
    const connected = once(old.server, 'connection')
    await ingress.point(ENDPOINT, [old.target])
    await send(address, HOST)
    const [socket] = await connected
    const closed = once(socket, 'close')

    const pointed = ingress.point(ENDPOINT, [])
    assert.deepEqual(
      released,
      [{ owner: OWNER, container: old.target.container }],
      'before the promise settles',
    )
    await Promise.all([pointed, closed])
    assert.equal(await ingress.isReleased(old.target.container), true)
  })

  it('is released once, when the last of its requests has ended', async (t) => {
    const { ingress, address, serve, released } = await localIngress(t)
    const old = await serve((_, response) => response.write('begun'))
    await ingress.point(ENDPOINT, [old.target])
    const [one, other] = [await begin(address, HOST), await begin(address, HOST)]
    await ingress.point(ENDPOINT, [], 'none')
    await ingress.point(ENDPOINT, [], 'none')

    one.destroy()
    while ((await connectionsOf(old.server)) > 1) await new Promise(setImmediate)
    assert.deepEqual(released, [])
    other.destroy()
    while (released.length === 0) await new Promise(setImmediate)
    await ingress.remove(ENDPOINT, ENDPOINT.version, [])
    assert.deepEqual(released, [{ owner: OWNER, container: old.target.container }])
  })

  it('may become one again before and after it was released', async (t) => {
    const { ingress, address, serve, released } = await localIngress(t)
    const { target } = await serve((_, response) => response.end())
    for (let round = 0; round < 3; round += 1) {
      await ingress.point(ENDPOINT, [target])
      await ingress.point(ENDPOINT, [target])
      assert.equal((await send(address, HOST)).status, 200)
      assert.equal(await ingress.isReleased(target.container), false)
      await ingress.point(ENDPOINT, [])
    }
    assert.equal(released.length, 3)
  })
})

/** A container that takes a request and hangs up. */
async function hangingUp(
  t: TestContext,
  { once: isGoneThen = false } = {},
): Promise<{ target: Target; heads: string[] }> {
  const heads: string[] = []
  const server = createServer((socket) =>
    socket.once('data', (head) => {
      heads.push(String(head))
      if (isGoneThen) server.close()
      socket.resetAndDestroy()
    }),
  ).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { target: { container: `co-rude-${port}`, version: 1, address: `127.0.0.1:${port}` }, heads }
}

function connectionsOf(server: {
  getConnections(callback: (error: Error | null, count: number) => void): void
}) {
  return new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)))
}
