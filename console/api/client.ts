import { PATHS, type PublicRoute, pathOf } from '../../protocol/paths.ts'
import type { RouteInput, RouteResponse } from '../../protocol/routes.ts'
import { connectionLost } from './connection.ts'
import { ApiProblem, unreachable } from './problem.ts'
import { currentSession, forgetSession } from './session.ts'

export type Query = Record<string, string | number | boolean | undefined>

export interface Asked<Id extends PublicRoute = PublicRoute> {
  params?: Record<string, string | number>
  query?: Query
  body?: RouteInput<Id>
}

/**
 * Asks the API, for whoever is signed in.
 * @throws ApiProblem where it refuses or does not answer; a token that is not taken any more ends the session
 */
export async function ask<Id extends PublicRoute>(
  route: Id,
  asked: Asked<Id> = {},
  signal?: AbortSignal,
): Promise<RouteResponse<Id>> {
  const response = await send(route, asked, signal)
  return (await response.json()) as RouteResponse<Id>
}

/**
 * The same, for an answer that is read as it comes.
 * @throws as `ask`
 */
export async function send<Id extends PublicRoute>(
  route: Id,
  asked: Asked<Id>,
  signal?: AbortSignal,
): Promise<Response> {
  const token = currentSession()?.token
  try {
    return await sendAs(token, route, asked, signal)
  } catch (error) {
    const isRefused = error instanceof ApiProblem && error.status === 401
    if (isRefused && token !== undefined && token === currentSession()?.token)
      forgetSession({ problem: error.message })
    throw error
  }
}

/**
 * The same for whoever holds a token, or for nobody in particular.
 * @throws ApiProblem where it refuses or does not answer
 */
export async function sendAs<Id extends PublicRoute>(
  token: string | undefined,
  route: Id,
  { params, query = {}, body }: Asked<Id>,
  signal?: AbortSignal,
): Promise<Response> {
  const response = await fetch(pathOf(route, params) + search(query), {
    method: PATHS[route].method,
    headers: {
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
    credentials: 'omit',
    cache: 'no-store',
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    connectionLost()
    throw unreachable()
  })
  if (response.ok) return response
  throw await problemIn(response)
}

/** Sorted, so that the same question has the same address. */
function search(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)]).sort()).toString()
  return text && `?${text}`
}

/** Anything may stand between us and the control plane, so an error need not be JSON. */
async function problemIn(response: Response): Promise<ApiProblem> {
  const problem = await response.json().catch(() => ({}))
  return new ApiProblem(response.status, problem ?? {})
}
