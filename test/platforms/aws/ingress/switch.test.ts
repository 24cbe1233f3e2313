import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type RequestListener, type ServerResponse } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { begin as open, send } from '../../../fixtures/http-client.ts'
import { textOf, webContainer } from '../../../fixtures/web-container.ts'
import { skip } from '../account.ts'
import { type Begin, DOMAIN, endpoint, HERE, makeScene, pointed } from './scene.ts'

const HOST = `shop-web.${DOMAIN}`
const SWITCHES = 12
const CLIENTS = 4

describe('A switch of AlbIngress', { skip, timeout: 120_000 }, () => {
  const sceneOf = async (t: TestContext, options?: Begin) => {
    const scene = await makeScene()
    t.after(() => scene.close())
    const serve = async (version: number, handler?: RequestListener) => {
      const container = await webContainer(handler, { version, host: HERE })
      t.after(() => container.close())
      return container.target
    }
    return { ...scene, ingress: scene.begin(options).ingress, serve }
  }

  it('fails no request, and none goes to an older version once it is acknowledged', async (t) => {
    const { ingress, address, serve, gone } = await sceneOf(t)
    let acknowledged = 1
    let isOver = false
    const answers: string[] = []
    const client = async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      for (let turn = 0; !isOver; turn++) {
        const least = acknowledged
        const sent = turn % 2 === 0 ? { agent } : { agent, method: 'POST', body: 'x'.repeat(1_000) }
        const { status, headers } = await send(address, HOST, sent)
        const isLate = Number(headers['sluice-version']) < least
        answers.push(
          status === 200 && !isLate ? 'good' : `${status} of v${headers['sluice-version']}, not v${least}`,
        )
      }
      agent.destroy()
    }
    let last = await serve(1)
    await pointed(ingress, endpoint(1), [last])
    const clients = Array.from({ length: CLIENTS }, client)
    for (let version = 2; version <= 1 + SWITCHES; version++) {
      const next = await serve(version)
      await pointed(ingress, endpoint(version), [next])
      acknowledged = version
      gone.add(last.container)
      last = next
    }
    isOver = true
    await Promise.all(clients)
    assert.deepEqual([...new Set(answers)], ['good'])
    t.diagnostic(`${answers.length} requests over ${SWITCHES} switches`)
  })

  it('leaves requests in flight alone, also when their group is needed for a later version', async (t) => {
    const { ingress, address, serve } = await sceneOf(t)
    const { promise: feed, resolve } = Promise.withResolvers<ServerResponse>()
    const old = await serve(1, (_, response) => {
      response.write('begun ')
      resolve(response)
    })
    await pointed(ingress, endpoint(1), [old])
    const response = await open(address, HOST)
    await once(response, 'readable')

    for (const version of [2, 3, 4]) await pointed(ingress, endpoint(version), [await serve(version)])
    assert.equal((await send(address, HOST)).headers['sluice-version'], '4')
    ;(await feed).end('ended')
    assert.equal(await textOf(response), 'begun ended')
  })

  it('waits for the new containers to pass their checks, while the old ones serve', async (t) => {
    const { ingress, address, serve } = await sceneOf(t)
    const absent = await webContainer(undefined, { version: 2, host: HERE })
    await absent.close()
    await pointed(ingress, endpoint(1), [await serve(1)])
    for (let times = 0; times < 5; times++) {
      assert.equal(await ingress.point(endpoint(2), [absent.target]), 'pending')
      assert.equal((await send(address, HOST)).headers['sluice-version'], '1')
      assert.equal(await ingress.isReleased(absent.target.container), false)
    }
    await pointed(ingress, endpoint(2), [await serve(2)])
    assert.equal((await send(address, HOST)).headers['sluice-version'], '2')
  })

  it('gives containers paths as their author wrote them where there is no domain', async (t) => {
    const { ingress, address, serve } = await sceneOf(t, { domain: undefined })
    const target = await serve(1, ({ url }, response) => response.end(url))
    await pointed(ingress, endpoint(), [target])
    const { hostname, pathname } = new URL(ingress.url('shop-web'))
    assert.equal(hostname, address.host)
    const paths = [pathname, `${pathname}/`, `${pathname}/a%20b?q=1&q=2`]
    const answers = await Promise.all(paths.map((path) => send(address, address.host, { path })))
    assert.deepEqual(
      answers.map(({ body }) => body),
      ['/', '/', '/a%20b?q=1&q=2'],
    )
    assert.equal((await send(address, address.host, { path: `${pathname}s` })).status, 404)
  })
})
