import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeDeploymentsHandler } from '../../lambdas/handlers/deployments.ts'
import { makeRuntimeHandler } from '../../lambdas/handlers/runtime.ts'
import { makeTokensHandler } from '../../lambdas/handlers/tokens.ts'
import type { ApiEvent } from '../../protocol/gateway.ts'
import { send } from './client.ts'
import { eventFor } from './event.ts'
import { type Installation, install } from './installation.ts'

let installation: Installation
before(async () => {
  installation = await install()
})
after(() => installation.close())

const ROLE = 'arn:aws:sts::111122223333:assumed-role/deploy-apps/run-42'

/** As a gateway passes a request on whose signature it has verified; no token comes with it. */
function signed(event: ApiEvent): ApiEvent {
  const requestContext = { ...event.requestContext, authorizer: { iam: { userArn: ROLE } } }
  return { ...event, headers: {}, requestContext }
}

test('who is let in by AWS needs no token, and is called by their AWS name', async () => {
  const stopped: string[] = []
  const store = {
    ...installation.ports.store,
    app: async () => ({ env: 'main', app: 'shop', state: 'deployed' as const, lastVersion: 1, createdAt: 0 }),
    beginStop: async (_: unknown, { by }: { by: string }) => {
      stopped.push(by)
      return undefined
    },
    version: async () => undefined,
    containers: async () => [],
    demand: async () => [],
  }
  const handler = makeDeploymentsHandler({ ...installation.ports, store })
  const { statusCode } = await handler(
    signed(eventFor('stop', { params: { app: 'shop' }, token: '', body: '{}' })),
  )
  assert.equal(statusCode, 202)
  assert.deepEqual(stopped, ['assumed-role/deploy-apps/run-42'])
})

test('an AWS identity is a person’s: it cannot speak for a container', async () => {
  const handler = makeRuntimeHandler(installation.ports)
  const { statusCode } = await handler(signed(eventFor('boot', { token: '', body: '{}' })))
  assert.equal(statusCode, 403)
})

test('who is let in by AWS may have a session, which no token’s end ends', async () => {
  const handler = makeTokensHandler(installation.ports)
  const { body } = await handler(signed(eventFor('openSession', { token: '', body: '{}' })))
  const { code } = JSON.parse(`${body}`)
  const { body: begun } = await send(installation, 'beginSession', { token: null, body: { code } })
  const { body: me } = await send(installation, 'whoAmI', { token: begun.token })
  assert.deepEqual([me.kind, me.name, me.role], ['session', 'assumed-role/deploy-apps/run-42', 'admin'])
})
