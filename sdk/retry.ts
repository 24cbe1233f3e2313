import { setTimeout as sleep } from 'node:timers/promises'
import { HttpError } from '../protocol/http.ts'

/** Milliseconds. */
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 2_000
/** A control plane that is restarted is away for up to half a minute. */
export const PATIENCE = 60_000

/** The server asked to come back later, or something between us and it did. */
const PASSING = new Set([429, 502, 503, 504])
/** The latter where something is sent into a connection that the other end has closed. */
const BROKEN = new Set<string | undefined>(['ECONNRESET', 'EPIPE'])

export interface RetryRules {
  /** Whether sending it twice is the same as once. If not, only what surely was not received is sent again. */
  idempotent: boolean
  /** Milliseconds to go on trying for. */
  patience: number
}

/**
 * Tries again after failures that pass, with growing pauses of random length, so that many callers do not return at once.
 * @throws whatever the last attempt threw
 */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  { idempotent, patience }: RetryRules,
): Promise<Result> {
  const deadline = performance.now() + patience
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await attempt()
    } catch (error) {
      const again = wasNotReceived(error) || (idempotent && mayPass(error))
      if (!again || performance.now() + pause > deadline) throw error
    }
    await sleep(pause * (0.5 + Math.random() / 2))
  }
}

/** True where there was no answer, so that it is the way to the server that is at fault. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof Error && !(error instanceof HttpError) && codeOf(error) !== undefined

/** True where the connection stood, and the other end has gone away since. */
export const hasBrokenOff = (error: unknown): boolean => BROKEN.has(codeOf(error))

/** True where somebody took the request, or may have. */
export const mayHaveArrived = (error: unknown): boolean =>
  hasBrokenOff(error) || (codeOf(error) === 'ETIMEDOUT' && !isOfConnecting(error))

/** That there was nobody to connect to shows by the same code as that there was no answer. */
const isOfConnecting = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && error.syscall === 'connect'

const wasNotReceived = (error: unknown): boolean => codeOf(error) === 'ECONNREFUSED'

function mayPass(error: unknown): boolean {
  if (error instanceof HttpError) return error.status >= 500 || PASSING.has(error.status)
  return isUnanswered(error) && codeOf(error) !== 'ABORT_ERR'
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
