import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { describe, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket, WebSocketServer } from 'ws'
import type { Endpoint, Ingress, Target } from '../../control/ports.ts'
import { type Address, begin, send } from '../fixtures/http-client.ts'
import { goneContainer, textOf, webContainer } from '../fixtures/web-container.ts'
import { type Conditions, itExcept } from './conditions.ts'

export interface IngressRig {
  ingress: Ingress
  /** Where clients connect; what they want is in their Host header. */
  address: Address
  /** The interface on which the ingress reaches containers that a test starts. */
  containerHost: string
  close(): Promise<void>
}

const POLL_MS = 25

/** What every ingress does for the domain, whatever stands behind the port. */
export function ingressContract(
  name: string,
  makeIngress: () => Promise<IngressRig>,
  conditions: Conditions = {},
): void {
  const it = itExcept(conditions)
  describe(`${name} as an ingress`, { skip: conditions.skip ?? false, timeout: 300_000 }, () => {
    const scene = async (t: TestContext) => {
      const rig = await makeIngress()
      t.after(() => rig.close())
      const point = async (...said: Parameters<Ingress['point']>) => {
        while ((await rig.ingress.point(...said)) === 'pending') await sleep(POLL_MS)
      }
      const serve = async (handler: RequestListener, version = 1): Promise<Target> => {
        const container = await webContainer(handler, { version, host: rig.containerHost })
        t.after(() => container.close())
        return container.target
      }
      const hostOf = (label: string) => new URL(rig.ingress.url(label)).host
      return { ...rig, point, serve, hostOf }
    }

    it('takes a request to a target of its label as it came, and the answer back', async (t) => {
      const { point, address, serve, hostOf } = await scene(t)
      const target = await serve(async (request, response) => {
        const { method, url, headers } = request
        response.writeHead(201, { 'x-answer': 'yes', 'set-cookie': ['a=1', 'b=2'] })
        response.end(
          JSON.stringify({
            method,
            url,
            host: headers.host,
            note: headers['x-note'],
            body: await textOf(request),
          }),
        )
      })
      await point(endpoint('shop-web'), [target])

      const host = hostOf('shop-web')
      const sent = { method: 'POST', path: '/a%20b/?q=1&q=2', headers: { 'x-note': 'hi' }, body: 'payload' }
      const answer = await send(address, host, sent)

      assert.equal(answer.status, 201)
      assert.equal(answer.headers['x-answer'], 'yes')
      assert.equal(answer.headers['sluice-version'], '1')
      assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2'])
      assert.deepEqual(JSON.parse(answer.body), {
        method: 'POST',
        url: '/a%20b/?q=1&q=2',
        host,
        note: 'hi',
        body: 'payload',
      })
    })

    it('tells the container who asked, and for what', async (t) => {
      const { point, ingress, address, serve, hostOf } = await scene(t)
      const target = await serve(({ headers }, response) => response.end(JSON.stringify(headers)))
      await point(endpoint('shop-web'), [target])

      const headers = JSON.parse((await send(address, hostOf('shop-web'))).body)

      assert.match(headers['x-forwarded-for'], /^[0-9a-f.:]+$/)
      assert.equal(headers['x-forwarded-proto'], new URL(ingress.url('shop-web')).protocol.slice(0, -1))
      assert.match(headers['x-forwarded-port'], /^\d+$/)
    })

    it('spreads requests over all targets', async (t) => {
      const { point, address, serve, hostOf } = await scene(t)
      const targets = await Promise.all(
        ['a', 'b', 'c'].map((body) => serve((_, response) => response.end(body))),
      )
      await point(endpoint('shop-web'), targets)

      const answers = await Promise.all(Array.from({ length: 30 }, () => send(address, hostOf('shop-web'))))

      assert.deepEqual(new Set(answers.map(({ body }) => body)), new Set(['a', 'b', 'c']))
    })

    it('sends each request after a switch to the new targets, also on an old connection', async (t) => {
      const { point, address, serve, hostOf } = await scene(t)
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      t.after(() => agent.destroy())
      const [old, young] = [await serve(answerVersion, 1), await serve(answerVersion, 2)]
      const ask = async () => (await send(address, hostOf('shop-web'), { agent })).headers['sluice-version']

      await point(endpoint('shop-web'), [old])
      assert.equal(await ask(), '1')
      await point(endpoint('shop-web'), [young])
      assert.equal(await ask(), '2')
      await point(endpoint('shop-web'), [old])
      assert.equal(await ask(), '1')
    })

    it('lets a response that began before a switch end on its target, and only then releases it', async (t) => {
      const { point, ingress, address, serve, hostOf } = await scene(t)
      const [old, feed] = await streaming(serve)
      await point(endpoint('shop-web'), [old])
      const response = await begin(address, hostOf('shop-web'))
      const stream = await feed
      stream.write('begun ')
      await once(response, 'readable')

      await point(endpoint('shop-web'), [await serve(answerVersion, 2)])
      assert.equal((await send(address, hostOf('shop-web'))).headers['sluice-version'], '2')
      assert.equal(await ingress.isReleased(old.container), false)
      stream.end('ended')

      assert.equal(await textOf(response), 'begun ended')
      await released(ingress, old.container)
    })

    it('carries a WebSocket, which outlives a switch and holds its target until it closes', async (t) => {
      const { point, ingress, address, containerHost, serve, hostOf } = await scene(t)
      const { target: old, server, close } = await webContainer(answerVersion, { host: containerHost })
      t.after(close)
      new WebSocketServer({ server }).on('connection', (echo) =>
        echo.on('message', (data) => echo.send(data)),
      )
      await point(endpoint('shop-web'), [old])
      const socket = new WebSocket(`ws://${address.host}:${address.port}/chat`, {
        headers: { host: hostOf('shop-web') },
      })
      t.after(() => socket.terminate())
      await once(socket, 'open')

      await point(endpoint('shop-web'), [await serve(answerVersion, 2)])
      socket.send('still there?')
      const [echo] = await once(socket, 'message')
      assert.equal(String(echo), 'still there?')
      assert.equal(await ingress.isReleased(old.container), false)
      socket.close()

      await released(ingress, old.container)
    })

    it('holds a container as long as it is a target, and one that takes its place too', async (t) => {
      const { point, ingress, serve } = await scene(t)
      const [old, young] = [await serve(answerVersion, 1), await serve(answerVersion, 2)]
      await point(endpoint('shop-web'), [old])
      assert.equal(await ingress.isReleased(old.container), false)
      await point(endpoint('shop-web'), [young])
      assert.equal(await ingress.isReleased(young.container), false)
      await released(ingress, old.container)
    })

    it('has nothing to do with a container that it never saw', async (t) => {
      const { ingress } = await scene(t)
      assert.equal(await ingress.isReleased('co-unheard-of'), true)
    })

    it('answers 503 while the domain says that there will be no target', async (t) => {
      const { point, address, serve, hostOf } = await scene(t)
      await point(endpoint('shop-web'), [], 'v3 crashes when it starts')
      assert.equal((await send(address, hostOf('shop-web'))).status, 503)

      await point(endpoint('shop-web'), [await serve(answerVersion)])
      assert.equal((await send(address, hostOf('shop-web'))).status, 200)
    })

    it('answers 502 where the only target refuses connections', async (t) => {
      const { point, address, hostOf } = await scene(t)
      await point(endpoint('shop-web'), [goneContainer()])
      assert.equal((await send(address, hostOf('shop-web'), { method: 'POST', body: 'x' })).status, 502)
    })

    it('answers 404 for the endpoints of an app that were removed, and for no others', async (t) => {
      const { point, ingress, address, serve, hostOf } = await scene(t)
      const target = await serve(answerVersion)
      const other = { ...endpoint('blog-web'), app: 'blog' }
      const elsewhere = { ...endpoint('staging--shop-web'), env: 'staging' }
      for (const each of [endpoint('shop-web'), endpoint('shop-admin'), other, elsewhere]) {
        await point(each, [target])
      }

      await ingress.remove(SHOP, 1, ['shop-admin'])
      await ingress.remove(SHOP, 1, ['shop-admin'])

      const statusOf = async ({ label }: Endpoint) => (await send(address, hostOf(label))).status
      assert.equal(await statusOf(endpoint('shop-web')), 404)
      assert.deepEqual(
        await Promise.all([endpoint('shop-admin'), other, elsewhere].map(statusOf)),
        [200, 200, 200],
      )
    })

    it('takes no word of an older version for that of the live one', async (t) => {
      const { point, ingress, address, serve, hostOf } = await scene(t)
      const [old, young] = [await serve(answerVersion, 1), await serve(answerVersion, 2)]
      await point(endpoint('shop-web', 2), [young])

      await point(endpoint('shop-web', 1), [old])
      await ingress.remove(SHOP, 1, [])

      assert.equal((await send(address, hostOf('shop-web'))).headers['sluice-version'], '2')
      assert.equal(await ingress.isReleased(old.container), true)
    })

    it('lets nothing but a later version point again what was removed', async (t) => {
      const { point, ingress, address, serve, hostOf } = await scene(t)
      const target = await serve(answerVersion)
      const statusOf = async (label: string) => (await send(address, hostOf(label))).status
      await point(endpoint('shop-web', 2), [target])
      await ingress.remove(SHOP, 2, ['shop-admin'])

      await point(endpoint('shop-web', 2), [target])
      await point(endpoint('shop-admin', 2), [target])
      assert.deepEqual([await statusOf('shop-web'), await statusOf('shop-admin')], [404, 200])
      await ingress.remove(SHOP, 2, [])
      await released(ingress, target.container)

      await point(endpoint('shop-web', 3), [await serve(answerVersion)])
      assert.equal(await statusOf('shop-web'), 200)
    })
  })
}

const SHOP = { env: 'main', app: 'shop' }

function endpoint(label: string, version = 1): Endpoint {
  return { ...SHOP, function: label, label, version, turn: version }
}

const answerVersion: RequestListener = (_, response) => {
  response.end()
}

/** A target whose first response is in the test's hands. */
async function streaming(
  serve: (handler: RequestListener) => Promise<Target>,
): Promise<[Target, Promise<ServerResponse>]> {
  const { promise, resolve } = Promise.withResolvers<ServerResponse>()
  const target = await serve((_: IncomingMessage, response) => {
    response.flushHeaders()
    resolve(response)
  })
  return [target, promise]
}

async function released(ingress: Ingress, container: string): Promise<void> {
  while (!(await ingress.isReleased(container))) await sleep(POLL_MS)
}
