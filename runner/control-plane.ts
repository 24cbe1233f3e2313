import type { RunnerEnvironment } from '../protocol/environment.ts'
import { HttpError, requestJson } from '../protocol/http.ts'
import type {
  BootResponse,
  Directive,
  ExitRequest,
  HeartbeatRequest,
  HeartbeatResponse,
  JudgeResponse,
  NextRequest,
  NextResponse,
  UploadResponse,
} from '../protocol/runtime.ts'
import { retrying } from './retry.ts'

/** The server holds a request for 20 s at most; half as long again and more means that the connection is dead. */
const HELD_TIMEOUT_MS = 45_000
const TIMEOUT_MS = 20_000
const JUDGE_TIMEOUT_MS = 5_000
/** A container that nobody has asked for so long belongs to an installation that is gone. */
const GIVE_UP_MS = 3_600_000

/** The container is stopped or was never there (410), or its token opens nothing any more (401). */
export class ContainerGone extends Error {
  readonly status: number

  constructor(status: number) {
    super(
      status === 410
        ? 'The control plane no longer knows this container.'
        : 'The control plane refuses the token of this container.',
    )
    this.status = status
  }
}

export class ControlPlaneLost extends Error {}

interface Exchange {
  /** Made anew for each attempt, so that a late one does not tell old news. */
  body: () => unknown
  timeoutMs: number
  signal?: AbortSignal
}

/**
 * The runtime API as its client sees it: each method tries until the control plane has answered.
 * All throw ContainerGone, ControlPlaneLost after an hour without an answer, and HttpError for a request that it refuses.
 */
export class ControlPlane {
  readonly #url: string
  readonly #headers: Record<string, string>
  readonly #say: (text: string) => void
  #lastAnswer = performance.now()
  #away = false

  constructor({ apiUrl, token }: RunnerEnvironment, say: (text: string) => void) {
    this.#url = `${apiUrl.replace(/\/$/, '')}/v1/runtime`
    this.#headers = { authorization: `Bearer ${token}` }
    this.#say = say
  }

  boot(signal: AbortSignal): Promise<BootResponse> {
    return this.#ask('boot', { body: () => ({}), timeoutMs: TIMEOUT_MS, signal })
  }

  ready(body: { address?: string }): Promise<{ directive: Directive }> {
    return this.#ask('ready', { body: () => body, timeoutMs: TIMEOUT_MS })
  }

  next(body: NextRequest): Promise<NextResponse> {
    return this.#ask('next', { body: () => body, timeoutMs: HELD_TIMEOUT_MS })
  }

  heartbeat(body: () => HeartbeatRequest, signal: AbortSignal): Promise<HeartbeatResponse> {
    return this.#ask('heartbeat', { body, timeoutMs: HELD_TIMEOUT_MS, signal })
  }

  exit(body: ExitRequest, signal: AbortSignal): Promise<object> {
    return this.#ask('exit', { body: () => body, timeoutMs: TIMEOUT_MS, signal })
  }

  upload(body: { sha256: string }): Promise<UploadResponse> {
    return this.#ask('upload', { body: () => body, timeoutMs: TIMEOUT_MS })
  }

  /**
   * Tried once: whoever waits for the verdict has little time.
   * @throws Error where there is none
   */
  judge(body: { token: string }): Promise<JudgeResponse> {
    return requestJson({
      method: 'POST',
      url: `${this.#url}/judge`,
      headers: this.#headers,
      json: body,
      timeoutMs: JUDGE_TIMEOUT_MS,
    })
  }

  #ask<Answer>(name: string, { body, timeoutMs, signal }: Exchange): Promise<Answer> {
    const attempt = () =>
      requestJson<Answer>({
        method: 'POST',
        url: `${this.#url}/${name}`,
        headers: this.#headers,
        json: body(),
        timeoutMs,
        signal,
      })
    const attemptOnce = () =>
      attempt().then(
        (answer) => this.#answered(answer),
        (error: unknown) => {
          throw this.#meaningOf(error)
        },
      )
    return retrying(attemptOnce, { isTransient, onFailure: (error) => this.#failed(error), signal })
  }

  #answered<Answer>(answer: Answer): Answer {
    this.#lastAnswer = performance.now()
    if (this.#away) this.#say('The control plane answers again.')
    this.#away = false
    return answer
  }

  #meaningOf(error: unknown): unknown {
    if (error instanceof HttpError && (error.status === 401 || error.status === 410)) {
      return new ContainerGone(error.status)
    }
    const isLost = isTransient(error) && performance.now() - this.#lastAnswer > GIVE_UP_MS
    return isLost ? new ControlPlaneLost('The control plane has not answered for an hour.') : error
  }

  #failed(error: unknown): void {
    if (this.#away) return
    this.#away = true
    const why = error instanceof Error ? error.message : String(error)
    this.#say(`The control plane does not answer (${why}). Trying again until it does.`)
  }
}

/** Whether the same request may be answered later: no answer, one that is no JSON, too many requests, a server's fault. */
export function isTransient(error: unknown): boolean {
  if (error instanceof HttpError) return error.status >= 500 || error.status === 429 || error.status === 408
  return !FINAL.some((kind) => error instanceof kind)
}

/** A TypeError is what an invalid address is told with. */
const FINAL = [ContainerGone, ControlPlaneLost, TypeError]
