import { environmentOf } from '../../control/access.ts'
import type { Needs } from '../../control/ports.ts'
import { beginSession as begin, endSession as end, openSession as open } from '../../control/sessions.ts'
import { createToken as create, revokeToken as revoke } from '../../control/tokens.ts'
import { SCOPES_OF } from '../../protocol/access.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { SESSION_ROUTES } from '../../protocol/session-routes.ts'
import { TOKEN_ROUTES } from '../../protocol/token-routes.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'
import { newSessionCode, newTokenSecret } from '../token-secret.ts'
import { tokenView } from '../token-view.ts'
import { pageView } from '../views.ts'

export type TokensPorts = Needs<'clock' | 'consoleUrl' | 'ids' | 'keys' | 'store'>

/** Who may do what. */
export function makeTokensHandler(ports: TokensPorts, report?: ReportError): ApiHandler {
  const handlers = { createToken, listTokens, revokeToken, whoAmI, openSession, beginSession, endSession }
  return groupHandler<'tokens', TokensPorts>({ ...TOKEN_ROUTES, ...SESSION_ROUTES }, ports, handlers, report)
}

const createToken: RouteHandler<'createToken', TokensPorts> = async (ports, { body, principal }) => {
  const { expiresIn, ...request } = body
  const lifetimeMs = expiresIn === undefined ? undefined : expiresIn * 1000
  const secret = newTokenSecret()
  const token = await create(ports, { ...request, lifetimeMs, by: principal.name }, secret)
  return { body: { ...tokenView(token, ports.clock.now()), token: secret } }
}

const listTokens: RouteHandler<'listTokens', TokensPorts> = async (ports, { query: { kind, ...asked } }) => {
  const page = await ports.store.tokens(kind, asked)
  const now = ports.clock.now()
  return {
    body: pageView(
      page,
      page.items.map((token) => tokenView(token, now)),
    ),
  }
}

const revokeToken: RouteHandler<'revokeToken', TokensPorts> = async (ports, { params, principal }) => ({
  body: tokenView(await revoke(ports, params.id, principal.name), ports.clock.now()),
})

const whoAmI: RouteHandler<'whoAmI', TokensPorts> = async (ports, { principal }) => {
  const env = await environmentOf(ports, principal)
  if (principal.kind === 'container') {
    return { body: { kind: 'container', name: principal.id, scopes: ['call'], env } }
  }
  const { name, role, token, expiresAt, session } = principal
  return {
    body: {
      kind: session ? 'session' : token === undefined ? 'aws' : 'token',
      name,
      token,
      role,
      scopes: [...SCOPES_OF[role]],
      env,
      expiresAt: expiresAt === undefined ? undefined : time(expiresAt),
      console: ports.consoleUrl,
    },
  }
}

const openSession: RouteHandler<'openSession', TokensPorts> = async (ports, { principal }) => {
  const secret = newSessionCode()
  const { expiresAt } = await open(ports, principal, secret)
  return { body: { code: secret, expiresAt: time(expiresAt) } }
}

const beginSession: RouteHandler<'beginSession', TokensPorts> = async (ports, { body }) => {
  const secret = newTokenSecret()
  const { id, name, role, env, expiresAt } = await begin(ports, body.code, secret)
  return { body: { id, token: secret, name, role, env, expiresAt: time(expiresAt) } }
}

const endSession: RouteHandler<'endSession', TokensPorts> = async (ports, { principal }) => ({
  body: tokenView(await end(ports, principal), ports.clock.now()),
})

const time = (ms: number): string => new Date(ms).toISOString()
