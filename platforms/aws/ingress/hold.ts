/**
 * One process at a time changes what the load balancer does for an endpoint, as the API has no conditional requests.
 * One that died leaves the endpoint to others after so long.
 */
export const HOLD_MS = 30_000

/** So that no request of a process that has lost its hold arrives later, the SDK's repetitions included. */
const REQUEST_MS = 20_000

export const withinHold = () => ({ abortSignal: AbortSignal.timeout(REQUEST_MS) })
