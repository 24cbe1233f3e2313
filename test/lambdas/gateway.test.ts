import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeCallsHandler } from '../../lambdas/handlers/calls.ts'
import { makePublicHandler } from '../../lambdas/handlers/public.ts'
import type { ApiResult } from '../../protocol/gateway.ts'
import { MAX_BODY_BYTES } from '../../protocol/limits.ts'
import { eventFor } from './event.ts'
import { type Installation, install } from './installation.ts'

/** The handlers as Lambda calls them: behind a gateway that is not ours. */

const params = { app: 'shop', function: 'work' }

let installation: Installation
before(async () => {
  installation = await install()
})
after(() => installation.close())

const codeOf = ({ body }: ApiResult): string => JSON.parse(String(body)).code

test('a body that a gateway encoded is decoded first', async () => {
  const handler = makeCallsHandler(installation.ports)
  const body = Buffer.from('{"args":[],"waitt":1}').toString('base64')
  const result = await handler(
    eventFor('call', { params, token: installation.token, body, isBase64Encoded: true }),
  )
  assert.match(String(result.body), /did you mean \\"wait\\"/)
})

test('a body that a gateway encoded because it is no text is refused', async () => {
  const handler = makeCallsHandler(installation.ports)
  const body = Buffer.from('{"args":["caf\xe9"]}', 'latin1').toString('base64')
  const result = await handler(
    eventFor('call', { params, token: installation.token, body, isBase64Encoded: true }),
  )
  assert.deepEqual([result.statusCode, codeOf(result)], [400, 'invalid_request'])
})

test('a body that a gateway says is null is none', async () => {
  const handler = makeCallsHandler(installation.ports)
  const { token } = installation
  const none = await handler(eventFor('call', { params, token }))
  assert.equal(codeOf(none), 'invalid_request')
  for (const isBase64Encoded of [false, true]) {
    const result = await handler(eventFor('call', { params, token, body: null, isBase64Encoded }))
    assert.deepEqual([result.statusCode, result.body], [none.statusCode, none.body])
  }
})

test('a body that a gateway let through is measured in bytes all the same', async () => {
  const handler = makeCallsHandler(installation.ports)
  const body = JSON.stringify({ args: ['é'.repeat(MAX_BODY_BYTES / 2)] })
  const result = await handler(eventFor('call', { params, token: installation.token, body }))
  assert.deepEqual([result.statusCode, codeOf(result)], [413, 'payload_too_large'])
})

test('a route of another group is not there, however it came', async () => {
  const handler = makePublicHandler()
  const result = await handler(eventFor('call', { params, token: installation.token, body: '{}' }))
  assert.deepEqual([result.statusCode, codeOf(result)], [404, 'route_not_found'])
})

test('a failure of ours is reported once, with the id that the sender is told', async () => {
  const reported: string[] = []
  const store = { ...installation.ports.store, call: () => Promise.reject(new Error('disk on fire')) }
  const handler = makeCallsHandler({ ...installation.ports, store }, ({ requestId, routeKey, error }) =>
    reported.push(`${requestId} ${routeKey} ${(error as Error).message}`),
  )
  const result = await handler(eventFor('getCall', { params: { id: 'ca-1' }, token: installation.token }))
  assert.deepEqual(reported, ['request-1 GET /v1/calls/{id} disk on fire'])
  assert.deepEqual([result.statusCode, codeOf(result)], [500, 'internal'])
  assert.equal(result.headers['x-request-id'], 'request-1')
  assert.match(String(result.body), /request-1/)
  assert.doesNotMatch(String(result.body), /disk/)
})
