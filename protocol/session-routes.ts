import * as z from 'zod'
import { SCOPES } from './access.ts'
import type { Route } from './route.ts'
import { BeginSessionRequest, BegunSession, SessionCodeView } from './sessions.ts'
import { TokenView } from './tokens.ts'

const none = z.strictObject({})
const ofSender = {
  group: 'tokens',
  audience: 'user',
  scopes: SCOPES,
  confinedBy: 'sender',
  params: none,
  query: none,
} as const

/** How a browser comes to speak for whoever holds a token, and never holds that token. */
export const SESSION_ROUTES = {
  openSession: {
    ...ofSender,
    method: 'POST',
    path: '/v1/sessions',
    summary: 'Make a code that begins a session of the sender’s, once, within a minute',
    body: none,
    status: 201,
    response: SessionCodeView,
  },
  beginSession: {
    method: 'POST',
    path: '/v1/sessions/redeem',
    group: 'tokens',
    audience: 'anyone',
    scopes: [],
    summary: 'Begin the session that a code is for',
    params: none,
    query: none,
    body: BeginSessionRequest,
    confidential: true,
    status: 201,
    response: BegunSession,
  },
  endSession: {
    ...ofSender,
    method: 'DELETE',
    path: '/v1/sessions/current',
    summary: 'End the session that this request is sent in',
    status: 200,
    response: TokenView,
  },
} as const satisfies Record<string, Route>
