import { environmentOf, type Principal, requirePresence } from '../../control/access.ts'
import type { Needs } from '../../control/ports.ts'
import { SluiceError } from '../../protocol/errors.ts'
import type { ApiEvent } from '../../protocol/gateway.ts'
import { DEFAULT_ENV } from '../../protocol/names.ts'
import type { Route } from '../../protocol/route.ts'
import type { Middleware } from '../exchange.ts'

/** Keeps whoever belongs to one environment within it: a container, and a token that was made for one. */
export function confineSender(ports: Needs<'store'>): Middleware {
  return {
    before: async ({ event, context: { exchange } }) => {
      const { route } = exchange
      const { audience, confinedBy } = route.route
      if (!exchange.principal || audience === 'container' || confinedBy !== undefined) return
      const principal = await recorded(ports, exchange.principal)
      exchange.principal = principal
      const own = await environmentOf(ports, principal)
      if (own === undefined) return
      const named = environmentNamed(event, route.route)
      if (named === undefined) throw notForOne(principal, own)
      if (named !== own) throw foreign(principal, own, named)
    },
  }
}

/** A container with what is on record of it, for whoever asks next. */
async function recorded(ports: Needs<'store'>, principal: Principal): Promise<Principal> {
  if (principal.kind === 'user') return principal
  return { ...principal, record: await requirePresence(ports, principal.id) }
}

/** Which environment the request is about; undefined where its route is about all of them. */
function environmentNamed({ pathParameters, queryStringParameters }: ApiEvent, route: Route) {
  if ('env' in route.params.shape) return pathParameters?.env
  if ('env' in route.query.shape) return queryStringParameters?.env ?? DEFAULT_ENV
  return undefined
}

function foreign(principal: Principal, own: string, named: string): SluiceError {
  const next = principal.kind === 'user' ? ` Name its own, as \`--env ${own}\`, or use another token.` : ''
  return new SluiceError(
    'forbidden',
    `${nameOf(principal)} is of environment "${own}" and may not act in "${named}".${next}`,
  )
}

function notForOne(principal: Principal, own: string): SluiceError {
  return new SluiceError(
    'forbidden',
    `${nameOf(principal)} is of environment "${own}", and this is about the whole installation. Use a token that is for all environments.`,
  )
}

const nameOf = (principal: Principal): string =>
  principal.kind === 'user' ? `The token "${principal.name}"` : `Container ${principal.id}`
