import * as z from 'zod'
import { SCOPES } from './access.ts'
import { PageQuery } from './page.ts'
import type { Route } from './route.ts'
import { CreateTokenRequest, IssuedToken, SenderView, TokenKind, TokenView } from './tokens.ts'

const none = z.strictObject({})

/** They are of the whole installation: a token of one environment cannot make one for another. */
const forAdmins = { group: 'tokens', audience: 'user', scopes: ['admin'], params: none, query: none } as const

/** Who may do what. */
export const TOKEN_ROUTES = {
  createToken: {
    ...forAdmins,
    method: 'POST',
    path: '/v1/tokens',
    summary: 'Make a token, which is shown this once',
    body: CreateTokenRequest,
    status: 201,
    response: IssuedToken,
  },
  listTokens: {
    ...forAdmins,
    method: 'GET',
    path: '/v1/tokens',
    summary: 'Tokens, or sessions, newest first; those that ended lately, too',
    query: z.strictObject({ kind: TokenKind.default('token'), ...PageQuery }),
    status: 200,
    response: z.object({ items: z.array(TokenView), cursor: z.string().optional() }),
  },
  revokeToken: {
    ...forAdmins,
    method: 'DELETE',
    path: '/v1/tokens/{id}',
    summary: 'Have a token open nothing any more',
    params: z.strictObject({ id: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/, 'must be the id of a token') }),
    status: 200,
    response: TokenView,
  },
  whoAmI: {
    method: 'GET',
    path: '/v1/me',
    group: 'tokens',
    audience: 'user-or-container',
    scopes: SCOPES,
    confinedBy: 'sender',
    summary: 'Who the sender of this request is, and what that is good for',
    params: none,
    query: none,
    status: 200,
    response: SenderView,
  },
} as const satisfies Record<string, Route>
