import type { CallView } from '../protocol/api.ts'

/** Seconds after which a client should ask again: a tenth of what it has taken so far. */
const RETRY = { first: 1, most: 30, share: 0.1 } as const

/** What is not there yet must not be kept by anybody in between, and what is there is for whoever has the address. */
const PRIVATE = { 'cache-control': 'no-store' }

/**
 * A relative address, since only the client knows under which name and path it has reached us. A browser shows that it
 * waits, and asks again by itself, as often as it takes: it gives up after some 20 redirects.
 */
export function pending({ headers }: Request, call: CallView, location: string): Response {
  const seconds = retryAfter(call)
  const common = { ...PRIVATE, location, 'retry-after': String(seconds) }
  if (!headers.get('accept')?.includes('text/html'))
    return Response.json({ status: call.status, location }, { status: 202, headers: common })
  return new Response(PAGE, {
    status: 202,
    headers: {
      ...common,
      refresh: `${seconds}; url=${location}`,
      'content-type': 'text/html; charset=utf-8',
    },
  })
}

const PAGE =
  '<!doctype html><html lang="en"><title>Working…</title><p>This takes a moment. The page reloads by itself.'

export const see = (location: string): Response =>
  new Response(null, { status: 303, headers: { ...PRIVATE, location } })

export const noSuchResult = (): Response =>
  problem(404, 'call_not_found', 'There is no result at this address. Results are kept for 7 days.')

export const otherArguments = (): Response =>
  problem(
    422,
    'idempotency_conflict',
    'This Idempotency-Key belongs to a request with other contents. Use a new key.',
  )

/** Without the error's own words, which may be for nobody but the author. */
export function callFailed({ id, status }: CallView): Response {
  const { code, answer, detail } = FAILURES[status] ?? FAILED
  return problem(answer, code, detail, { call: id })
}

const FAILED = { code: 'call_failed', answer: 500, detail: 'What was asked for failed. Its log says why.' }
const FAILURES: Partial<Record<CallView['status'], typeof FAILED>> = {
  timed_out: { code: 'call_timed_out', answer: 504, detail: 'What was asked for took longer than it may.' },
  cancelled: { code: 'call_cancelled', answer: 410, detail: 'What was asked for was cancelled.' },
}

const TITLES: Record<number, string> = {
  404: 'Not Found',
  410: 'Gone',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  504: 'Gateway Timeout',
}

function problem(status: number, code: string, detail: string, more: Record<string, string> = {}): Response {
  const body = { type: 'about:blank', title: TITLES[status], status, code, detail, ...more }
  return Response.json(body, {
    status,
    headers: { ...PRIVATE, 'content-type': 'application/problem+json' },
  })
}

function retryAfter({ createdAt }: CallView): number {
  const taken = (Date.now() - Date.parse(createdAt)) / 1000
  return Math.min(RETRY.most, Math.max(RETRY.first, Math.round(taken * RETRY.share)))
}
