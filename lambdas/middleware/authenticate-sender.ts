import { authenticate, type Principal, requireScope } from '../../control/access.ts'
import type { Needs } from '../../control/ports.ts'
import { SluiceError } from '../../protocol/errors.ts'
import type { Audience } from '../../protocol/route.ts'
import type { Middleware } from '../exchange.ts'
import { watched } from '../watched-lines.ts'

const SCHEME = 'bearer '

/** Finds out who sends the request, and whether the route is for them. */
export function authenticateSender(ports: Needs<'clock' | 'keys' | 'store'>): Middleware {
  return {
    before: async ({ event, context: { exchange } }) => {
      const { audience, scopes } = exchange.route.route
      if (audience === 'anyone') return
      const signer = event.requestContext.authorizer?.iam?.userArn
      const identify = async () =>
        signer === undefined
          ? await authenticate(ports, bearerToken(event.headers.authorization))
          : signedBy(signer)
      const principal = await identify()
      if (!admits(audience, principal)) throw notForThem(audience)
      if (principal.kind === 'user') requireScope(principal, scopes)
      exchange.principal = principal
      const isStillLetIn = () => identify().then(() => true, isNoRefusal)
      exchange.watch = (lines) => watched(lines, isStillLetIn, () => ports.clock.now())
    },
  }
}

/** That nobody could say is no reason to end what was begun. */
const isNoRefusal = (error: unknown): boolean =>
  !(error instanceof SluiceError && error.code === 'unauthenticated')

/** Whom AWS knows the sender as, such as `assumed-role/deployer/ci`. What they may ask for, IAM has decided. */
function signedBy(arn: string): Principal {
  return { kind: 'user', name: arn.slice(arn.lastIndexOf(':') + 1), role: 'admin' }
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
