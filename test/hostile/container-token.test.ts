import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { DECISIONS } from '../lambdas/access-decisions.ts'
import { deployApp } from '../lambdas/apps.ts'
import { send } from '../lambdas/client.ts'
import { type Installation, install } from '../lambdas/installation.ts'
import { Fitting } from './fitting.ts'
import { requestsFor } from './generated-request.ts'
import { DEFINITIONS, OPERATIONS, type Operation } from './openapi.ts'

const TRIES = 40
const ABROAD = 'abroad'
const LEASE = 'le-of-another'

let installation: Installation
let fitting: Fitting
/** Of a container that is neither where the requests are about something, nor where they are without `?env=`. */
let token: string
let untouched: unknown

before(async () => {
  installation = await install()
  await deployApp(installation, 'shop', { work: { maxContainers: 1 } }, ABROAD)
  await installation.container({ id: 'co-abroad', env: ABROAD })
  const { body } = await send(installation, 'call', {
    params: { app: 'shop', function: 'work' },
    query: { env: ABROAD },
    body: { args: [] },
  })
  const ids = [body.id, 'co-abroad']
  fitting = new Fitting(
    DEFINITIONS,
    {
      env: [ABROAD],
      app: ['shop'],
      function: ['work'],
      version: [1],
      id: ids,
      callId: [body.id],
      lease: [LEASE],
      running: [LEASE],
      name: [ABROAD, 'shop'],
      container: ids,
      call: ids,
    },
    {
      wait: fc.constant(0),
      free: fc.constant(0),
      draining: fc.constant(false),
      argsBlob: fc.constant(undefined),
      parent: fc.constant(undefined),
    },
  )
  token = await installation.container({ id: 'co-home', env: 'home' })
  untouched = await stateAbroad()
})
after(() => installation.close())

for (const operation of OPERATIONS) {
  const opens = opensForContainers(operation)
  test(`${operation.id} gives a container ${opens ? 'nothing but its own' : 'nothing'} of another environment`, async () => {
    // The document has no room for a decision: without one, the route is missing in access-decisions.ts.
    assert.ok(operation.id in DECISIONS)
    const fits = requestsFor(operation, fitting).filter(
      (request) => request.parts.method === operation.method && request.misfit(DEFINITIONS) === undefined,
    )
    for (const { target, parts } of fc.sample(fits, TRIES)) {
      const response = await fetch(`${installation.url}${target}`, {
        method: parts.method,
        headers: { ...parts.headers, origin: installation.url, authorization: `Bearer ${token}` },
        ...(parts.method !== 'GET' && parts.body && { body: new Uint8Array(parts.body) }),
      })
      const text = await response.text()
      if (!opens) assert.ok(response.status >= 400 && response.status < 500, `${target}: ${response.status}`)
      assert.doesNotMatch(text, /"(env|name)":"abroad"/)
    }
    assert.deepEqual(await stateAbroad(), untouched)
  })
}

/** What is for anyone, and what a container asks about itself. */
function opensForContainers({ id }: Operation): boolean {
  const { container, elsewhere } = DECISIONS[id as keyof typeof DECISIONS]
  return container && elsewhere === 'open'
}

/** All that could have been changed there, or looked at by having it changed. */
async function stateAbroad(): Promise<unknown> {
  const query = { env: ABROAD }
  const params = { app: 'shop' }
  const { body: audit } = await send(installation, 'listAudit', { query })
  const { body: calls } = await send(installation, 'listCalls', { params, query })
  const { body: containers } = await send(installation, 'listContainers', { params, query })
  const { body: versions } = await send(installation, 'listVersions', { params, query })
  const { body: tokens } = await send(installation, 'listTokens', {})
  return [audit, calls, containers, versions, tokens]
}
