import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Problem } from '../../../protocol/errors.ts'
import { RawClient, send } from '../../fixtures/http-client.ts'
import { ENDPOINT, HOST, localIngress } from '../../fixtures/local-ingress.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

describe('What the ingress makes of a host', () => {
  for (const host of ['shop-web.localhost', 'SHOP-web.LocalHost:4180', 'shop-web', 'shop-web.example.com']) {
    it(`finds the label in ${host}`, async (t) => {
      const { address, pointAt } = await localIngress(t)
      await pointAt((request, response) => response.end(request.headers.host))
      const { status, body } = await send(address, host)
      assert.deepEqual({ status, body }, { status: 200, body: host })
    })
  }

  it('says which host nobody serves, as problem details', async (t) => {
    const { address, ingress } = await localIngress(t)
    const { status, headers, body } = await send(address, 'shop-wbe.localhost')
    assert.equal(status, 404)
    assert.equal(headers['content-type'], 'application/problem+json')
    assert.equal(headers['sluice-version'], undefined)
    const problem = Problem.parse(JSON.parse(body))
    assert.equal(problem.code, 'endpoint_not_found')
    assert.ok(
      problem.detail.includes('shop-wbe.localhost') && problem.detail.includes(ingress.url('<label>')),
    )
  })

  it('says it on a page to a browser, without running what the host smuggles in', async (t) => {
    const { address } = await localIngress(t)
    const { status, headers, body } = await send(address, '<script>alert(1)</script>.localhost', {
      headers: { accept: BROWSER },
    })
    assert.equal(status, 404)
    assert.match(headers['content-type'] ?? '', /^text\/html/)
    assert.ok(body.includes('script&#62;.localhost') && !body.includes('<script'))
  })

  it('prefers JSON where the client wants it more than a page', async (t) => {
    const { address } = await localIngress(t)
    const accept = 'application/json, text/html;q=0.9'
    const { headers } = await send(address, 'nobody.localhost', { headers: { accept } })
    assert.equal(headers['content-type'], 'application/problem+json')
  })

  it('goes by the URL of an absolute request target, not by the header', async (t) => {
    const { address, pointAt } = await localIngress(t)
    await pointAt(({ url, headers }, response) => response.end(`${headers.host} ${url}`))
    const client = await RawClient.connect(address)
    client.say(`GET http://${HOST}?q=1 HTTP/1.1`, 'Host: nobody.localhost', 'Connection: close', '')
    await client.closed
    assert.ok(client.received.includes(`${HOST} /?q=1`), client.received)
  })

  for (const line of [
    'OPTIONS * HTTP/1.1',
    'GET https://shop-web.localhost/ HTTP/1.1',
    'GET http://a@shop-web/ HTTP/1.1',
  ]) {
    it(`refuses ${line}`, async (t) => {
      const { address, pointAt } = await localIngress(t)
      await pointAt((_, response) => response.end('must not be reached'))
      const client = await RawClient.connect(address)
      client.say(line, `Host: ${HOST}`, '')
      await client.closed
      assert.match(client.received, /^HTTP\/1\.1 400 .*"invalid_request"/s)
    })
  }

  it('is no proxy to connect through', async (t) => {
    const { address } = await localIngress(t)
    const client = await RawClient.connect(address)
    client.say(`CONNECT ${HOST}:443 HTTP/1.1`, `Host: ${HOST}`, '')
    await client.closed
    assert.match(client.received, /^HTTP\/1\.1 405 .*"method_not_allowed"/s)
  })

  it('gives the words of a fault', async (t) => {
    const { address, ingress } = await localIngress(t)
    await ingress.point(ENDPOINT, [], 'v3 crashed when it started: ReferenceError')
    const { status, body } = await send(address, HOST)
    assert.equal(status, 503)
    assert.equal(JSON.parse(body).detail, 'v3 crashed when it started: ReferenceError')
  })
})
