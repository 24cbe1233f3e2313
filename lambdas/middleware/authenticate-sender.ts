import { authenticate, type Principal } from '../../control/access.ts'
import type { Needs } from '../../control/ports.ts'
import { SluiceError } from '../../protocol/errors.ts'
import type { Audience } from '../../protocol/route.ts'
import type { Middleware } from '../exchange.ts'

const SCHEME = 'bearer '

/** Finds out who sends the request, and whether the route is for them. */
export function authenticateSender(ports: Needs<'keys' | 'store'>): Middleware {
  return {
    before: async ({ event, context: { exchange } }) => {
      const { audience } = exchange.route.route
      if (audience === 'anyone') return
      const signer = event.requestContext.authorizer?.iam?.userArn
      const principal =
        signer === undefined
          ? await authenticate(ports, bearerToken(event.headers.authorization))
          : signedBy(signer)
      if (!principal) {
        throw new SluiceError(
          'unauthenticated',
          'The token is not known here. `sluice up` keeps its own in DIR/token; SLUICE_TOKEN overrides it. On AWS the output FirstToken of the stacks says how to get one.',
        )
      }
      if (!admits(audience, principal)) throw notForThem(audience)
      exchange.principal = principal
    },
  }
}

/** Whom AWS knows the sender as, such as `assumed-role/deployer/ci`. */
function signedBy(arn: string): Principal {
  return { kind: 'user', name: arn.slice(arn.lastIndexOf(':') + 1) }
}

/** @throws SluiceError where there is none. */
function bearerToken(authorization: string | undefined): string {
  const token =
    authorization?.slice(0, SCHEME.length).toLowerCase() === SCHEME
      ? authorization.slice(SCHEME.length).trim()
      : ''
  if (token === '') {
    throw new SluiceError('unauthenticated', 'Send a token, as `Authorization: Bearer <token>`.')
  }
  return token
}

function admits(audience: Audience, principal: Principal): boolean {
  return audience === 'user-or-container' || audience === principal.kind
}

function notForThem(audience: Audience): SluiceError {
  return new SluiceError(
    'forbidden',
    audience === 'container'
      ? 'This route is for containers, about themselves; use the token that the container was started with.'
      : 'A container’s token opens the runtime API and calls within its own environment; use a person’s token for this.',
  )
}
