import { createHash, randomUUID } from 'node:crypto'
import type { CallView } from '../protocol/api.ts'
import type { ContainerRuntime } from '../protocol/author.ts'
import { HttpError } from '../protocol/http.ts'
import { MAX_WAIT_SECONDS } from '../protocol/limits.ts'
import { type Client, defaultClient } from './client.ts'
import { containerRuntime } from './container.ts'
import { type Duration, toSeconds } from './durations.ts'
import { CancelledError, RemoteError } from './errors.ts'
import { hasEnded, outcomeOf } from './function-call.ts'
import { callFailed, noSuchResult, otherArguments, pending, see } from './later-answers.ts'
import { callOf, TICKET, ticketFor } from './later-ticket.ts'
import { begin, RemoteCallable, type Target } from './remote.ts'

const WAIT_SECONDS = 5

export interface LaterOptions<Result> {
  /** How long a request is held for the result before it is answered 202: up to 25 s, 5 s unless given. */
  wait?: Duration
  /** Sends whoever makes the first request on to the result's address, with a 303: for forms and links of browsers. */
  redirect?: boolean
  /** Makes the response of a result; it is sent as JSON unless given. */
  answer?: (result: Result) => Response | Promise<Response>
  /** Makes the response of a call that failed; a problem without the error's own words unless given. */
  failure?: (error: RemoteError | CancelledError) => Response | Promise<Response>
}

/**
 * Answers a web request by a call that may take longer than a connection lasts: with its result, if that comes soon; else
 * with 202 and, as `Location`, an address at which the same handler gives the result once it is there, for 7 days.
 * A request that is repeated under the same `Idempotency-Key` is the same call.
 * @param args the call's arguments, or what makes them of the request: not asked for where that is about a result
 * @throws Error outside of a deployed web function · HttpError where the function cannot be called
 */
export async function later<Args extends unknown[], Result>(
  request: Request,
  callable: RemoteCallable<Args, Result>,
  args: Args | (() => Args | Promise<Args>),
  options: LaterOptions<Awaited<Result>> = {},
): Promise<Response> {
  const runtime = runtimeOfWebFunction()
  const wait = waitOf(options)
  const target = await RemoteCallable.targetOf(callable)
  const client = target.client ?? defaultClient()
  const url = new URL(request.url)
  const ticket = url.searchParams.get(TICKET)
  if (ticket !== null) {
    const id = callOf(runtime, ticket)
    const call = id === undefined ? undefined : await find(client, target, id, wait)
    return call ? answerWith(call, options, () => pending(request, call, url.search)) : noSuchResult()
  }
  const given = typeof args === 'function' ? await args() : args
  try {
    const call = await begin(client.api, target, given, options.redirect ? 0 : wait, keyOf(request, runtime))
    url.searchParams.set(TICKET, ticketFor(runtime, call.id))
    if (options.redirect) return see(url.search)
    return await answerWith(call, options, () => pending(request, call, url.search))
  } catch (error) {
    if (error instanceof HttpError && error.code === 'idempotency_conflict') return otherArguments()
    throw error
  }
}

async function answerWith<Result>(
  call: CallView,
  { answer, failure }: LaterOptions<Result>,
  notYet: () => Response,
): Promise<Response> {
  if (!hasEnded(call)) return notYet()
  const outcome = await outcomeOf(call).then(
    (result) => ({ result: result as Result }),
    (error: unknown) => ({ error }),
  )
  if ('result' in outcome) return answer ? answer(outcome.result) : Response.json(outcome.result ?? null)
  const { error } = outcome
  if (!(error instanceof RemoteError || error instanceof CancelledError)) throw error
  return failure ? failure(error) : callFailed(call)
}

/** Undefined where there is no such call, or not of this function. */
async function find(client: Client, target: Target, id: string, wait: number): Promise<CallView | undefined> {
  try {
    const call = await client.api.send('getCall', { params: { id }, query: { wait } })
    return call.app === target.app && call.function === target.function ? call : undefined
  } catch (error) {
    if (error instanceof HttpError && error.code === 'call_not_found') return undefined
    throw error
  }
}

/** Clients choose their keys without knowing of each other: two endpoints must not mean the same by one. */
function keyOf({ headers }: Request, { function: name }: ContainerRuntime): string {
  const key = headers.get('idempotency-key')
  if (key === null) return randomUUID()
  return `later/${createHash('sha256').update(`${name}\n${key}`).digest('hex')}`
}

function waitOf({ wait = WAIT_SECONDS }: { wait?: Duration }): number {
  const seconds = toSeconds(wait, 'wait')
  if (seconds <= MAX_WAIT_SECONDS) return seconds
  throw new TypeError(
    `wait: a request is held for at most ${MAX_WAIT_SECONDS} s. What takes longer is asked for again.`,
  )
}

function runtimeOfWebFunction(): ContainerRuntime {
  const runtime = containerRuntime()
  if (!runtime) throw new Error('later(…) works in a deployed web function only.')
  return runtime
}
