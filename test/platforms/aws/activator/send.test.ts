import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { send } from '../../../../platforms/aws/activator/send.ts'
import type { ForwardRequest } from '../../../../protocol/forwarding.ts'
import { goneContainer, textOf, webContainer } from '../../../fixtures/web-container.ts'

const REQUEST: ForwardRequest = {
  address: '',
  method: 'GET',
  path: '/',
  headers: { host: ['shop-web.apps.example.com'] },
  body: '',
  timeoutMs: 10_000,
}

describe('What a request that waited goes through on its way to a container', () => {
  const exchange = async (
    t: TestContext,
    handler: RequestListener,
    request: Partial<ForwardRequest> = {},
  ) => {
    const { target, close } = await webContainer(handler, { version: 3 })
    t.after(close)
    return send({ ...REQUEST, address: target.address, ...request })
  }

  it('it arrives as it came, and so does the answer, but for what belongs to a single connection', async (t) => {
    const seen: object[] = []
    const result = await exchange(
      t,
      async (request, response) => {
        const { method, url, headers } = request
        seen.push({ method, url, headers, body: await textOf(request) })
        response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'], 'proxy-authenticate': 'Basic' })
        response.end(Buffer.from([0, 255]))
      },
      {
        method: 'POST',
        path: '/a%20b?q=1&q=2',
        headers: {
          ...REQUEST.headers,
          connection: ['keep-alive, x-hop'],
          'keep-alive': ['timeout=5'],
          'x-hop': ['1'],
          'transfer-encoding': ['chunked'],
          'x-forwarded-for': ['192.0.2.1'],
          'x-note': ['one', 'two'],
        },
        body: Buffer.from('payload').toString('base64'),
      },
    )
    assert.deepEqual(seen, [
      {
        method: 'POST',
        url: '/a%20b?q=1&q=2',
        headers: {
          host: 'shop-web.apps.example.com',
          'x-forwarded-for': '192.0.2.1',
          'x-note': 'one, two',
          'content-length': '7',
          connection: 'close',
        },
        body: 'payload',
      },
    ])
    assert.ok(result.kind === 'answered')
    const { date, ...headers } = result.headers
    assert.deepEqual(headers, { 'sluice-version': ['3'], 'set-cookie': ['a=1', 'b=2'] })
    assert.deepEqual([result.status, result.body], [201, Buffer.from([0, 255]).toString('base64')])
  })

  it('no connection is told from one that breaks, since only the first leaves the container unaware', async (t) => {
    const { address } = goneContainer()
    assert.deepEqual(await send({ ...REQUEST, address }), { kind: 'unreached' })
    const cut = await exchange(t, (_, response) => response.destroy())
    assert.deepEqual(cut, { kind: 'broken' })
    const cutLater = await exchange(t, (_, response) => {
      response.write('begun', () => response.destroy())
    })
    assert.deepEqual(cutLater, { kind: 'broken' })
  })

  it('an answer that does not come in time is late', async (t) => {
    assert.deepEqual(await exchange(t, () => {}, { timeoutMs: 50 }), { kind: 'late' })
  })

  for (const [what, answer] of [
    [
      'says that it is too large',
      (_, response) => response.writeHead(200, { 'content-length': 1e6 }).write('x'),
    ],
    ['turns out to be too large', (_, response) => response.end('x'.repeat(1e6))],
    [
      'is a stream of events',
      (_, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':'),
    ],
  ] as [string, RequestListener][]) {
    it(`an answer that ${what} cannot go this way`, async (t) => {
      assert.deepEqual(await exchange(t, answer), { kind: 'unfit' })
    })
  }
})
