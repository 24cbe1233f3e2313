import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { issueToken } from '../../control/tokens.ts'
import { ROLES, type Role } from '../../protocol/access.ts'
import type { Route } from '../../protocol/route.ts'
import { ROUTES, type RouteId } from '../../protocol/routes.ts'
import { DECISIONS } from './access-decisions.ts'
import { deployApp } from './apps.ts'
import { answerOf, refuse, type Sent, send } from './client.ts'
import { type Installation, install } from './installation.ts'

const ids = Object.keys(ROUTES) as RouteId[]
/** Fits the path of every route, and names nothing that there is. */
const NOTHING = { app: 'none', function: 'none', version: 1, id: 'none-1', name: 'none', env: 'main' }
const DENIED = [401, 403]
const HOME = 'home'
const ABROAD = 'abroad'

let installation: Installation
/** A person's token of each role, for all environments and for `home` alone. */
const everywhere = new Map<Role, string>()
const atHome = new Map<Role, string>()
let resident: string
/** What is in `abroad`, by the route that names it by its id. */
const foreign: Partial<Record<RouteId, Sent['params']>> = {}

before(async () => {
  installation = await install()
  for (const role of ROLES) {
    everywhere.set(role, await tokenOf(role))
    atHome.set(role, await tokenOf(role, HOME))
  }
  resident = await installation.container({ env: HOME })
  await makeForeignThings()
})
after(() => installation.close())

async function tokenOf(role: Role, env?: string): Promise<string> {
  const secret = `slu_${role}-${env ?? 'everywhere'}`
  await issueToken(installation.ports, { name: role, role, env, by: 'ada' }, secret)
  return secret
}

async function makeForeignThings(): Promise<void> {
  const container = { id: 'co-abroad' }
  await installation.container({ ...container, env: ABROAD })
  await deployApp(installation, 'shop', { work: {} }, ABROAD)
  const { body } = await send(installation, 'call', {
    params: { app: 'shop', function: 'work' },
    query: { env: ABROAD },
    body: { args: [] },
  })
  const call = { id: body.id }
  Object.assign(foreign, {
    getCall: call,
    listChildren: call,
    cancelCall: call,
    getContainer: container,
    stopContainer: container,
  } satisfies typeof foreign)
}

for (const id of ids) {
  const { roles, container } = DECISIONS[id]
  const route: Route = ROUTES[id]

  for (const role of ROLES) {
    const allowed = roles === 'anyone' || roles.includes(role)
    test(`${id} is ${allowed ? 'open' : 'closed'} to a token with the role ${role}`, async () => {
      const { status, code } = await ask(id, everywhere.get(role))
      assert.equal(DENIED.includes(status), !allowed, `${status} ${code}`)
      if (!allowed) assert.deepEqual([status, code], [403, 'forbidden'])
    })
  }

  test(`${id} is ${roles === 'anyone' ? 'open' : 'closed'} without a token`, async () => {
    assert.equal((await ask(id, null)).status === 401, roles !== 'anyone')
  })

  test(`${id} is ${container ? 'open' : 'closed'} to a container at home`, async () => {
    const { status, code } = await ask(id, resident, { env: HOME })
    assert.equal(DENIED.includes(status), !container, `${status} ${code}`)
  })

  if (route.audience !== 'anyone' && route.audience !== 'container') {
    test(`${id} is for people whose role is good for something`, () =>
      assert.notEqual(route.scopes.length, 0))
  }
}

for (const id of ids.filter((id) => DECISIONS[id].elsewhere === 'refused')) {
  const { roles, container } = DECISIONS[id]
  const strangers = ROLES.filter((role) => roles.includes(role))

  test(`${id} keeps a token of one environment within it`, async () => {
    for (const role of strangers) {
      const home = await ask(id, atHome.get(role), { env: HOME })
      if (namesEnvironment(id)) assert.ok(!DENIED.includes(home.status), `${role}: ${home.code}`)
      for (const query of [{ env: ABROAD }, {}]) {
        const { status, code } = await ask(id, atHome.get(role), query)
        assert.deepEqual([status, code], [403, 'forbidden'], role)
      }
    }
  })

  if (container) {
    test(`${id} keeps a container within its environment`, async () => {
      for (const query of [{ env: ABROAD }, {}]) assert.equal((await ask(id, resident, query)).status, 403)
    })
  }
}

for (const id of ids.filter((id) => DECISIONS[id].elsewhere === 'hidden')) {
  const { roles, container } = DECISIONS[id]

  test(`${id} hides from a token of one environment what there is in others`, async () => {
    const params = foreign[id]
    assert.ok(params, 'say in makeForeignThings what the route names')
    const strangers = ROLES.filter((role) => roles.includes(role)).map((role) => atHome.get(role) ?? '')
    const body = ROUTES[id].method === 'GET' ? undefined : {}
    for (const token of container ? [...strangers, resident] : strangers) {
      const { status, code, detail } = await refuse(installation, id, { params, token, body })
      const nothing = await refuse(installation, id, { params: { ...params, id: 'no-1' }, token, body })
      assert.deepEqual([status, code], [404, nothing.code])
      assert.equal(detail.replaceAll(`${params.id}`, 'no-1'), nothing.detail)
    }
  })
}

test('every route says how a token of one environment is held to it', () => {
  for (const id of ids) {
    const { confinedBy, audience }: Route = ROUTES[id]
    const knowsSender = audience !== 'anyone' && audience !== 'container'
    const elsewhere = { item: 'hidden', sender: 'open', none: 'refused' }[confinedBy ?? 'none']
    assert.equal(DECISIONS[id].elsewhere, knowsSender ? elsewhere : 'open', id)
  }
})

/** With a body that fits nothing: who may not ask is told so before anybody looks at it. */
function ask(id: RouteId, token: string | null | undefined, query: Sent['query'] = {}) {
  const { method }: Route = ROUTES[id]
  const body = method === 'GET' ? undefined : { unfit: true }
  const params = { ...NOTHING, ...('env' in query && { env: query.env }) }
  const known = namesEnvironment(id) ? query : {}
  return answerOf(installation, id, { params, query: known, body, token: token ?? null })
}

function namesEnvironment(id: RouteId): boolean {
  const { params, query }: Route = ROUTES[id]
  return 'env' in params.shape || 'env' in query.shape
}
