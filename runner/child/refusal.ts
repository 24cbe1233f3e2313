import type { ServerResponse } from 'node:http'
import type { Verdict } from '../ipc.ts'

export type Refused = Extract<Verdict, { verdict: 'refused' }>

const TITLES = {
  401: 'No valid token was sent',
  403: 'This token may not do that',
  503: 'Sluice cannot take this now',
}
const CODES = { 401: 'unauthenticated', 403: 'forbidden', 503: 'unavailable' }
const HINTS: Record<Refused['status'], Record<string, string>> = {
  401: { 'www-authenticate': 'Bearer' },
  403: {},
  503: { 'retry-after': '1' },
}

/** Answers whom the author's code need not see. */
export function refuse(outgoing: ServerResponse, { status, detail }: Refused): void {
  const code = CODES[status]
  const body = { type: `urn:sluice:error:${code}`, title: TITLES[status], status, code, detail }
  outgoing
    .writeHead(status, {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...HINTS[status],
    })
    .end(JSON.stringify(body))
}
