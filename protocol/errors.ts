import * as z from 'zod'

/**
 * Every failure that Sluice reports, once: its stable code, its HTTP status and what it means.
 * A 4xx is the caller's to mend, a 5xx is ours.
 */
export const ERRORS = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  invalid_manifest: { status: 400, title: 'The app is not valid' },
  unauthenticated: { status: 401, title: 'No valid token was sent' },
  forbidden: { status: 403, title: 'This token may not do that' },
  route_not_found: { status: 404, title: 'There is no such route' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  head_too_large: { status: 431, title: 'The headers are too large' },
  method_not_allowed: { status: 405, title: 'The route takes other methods' },
  app_not_found: { status: 404, title: 'There is no such app' },
  version_not_found: { status: 404, title: 'There is no such version' },
  function_not_found: { status: 404, title: 'There is no such function' },
  call_not_found: { status: 404, title: 'There is no such call' },
  token_not_found: { status: 404, title: 'There is no such token' },
  session_not_found: { status: 404, title: 'There is no session' },
  container_not_found: { status: 404, title: 'There is no such container' },
  environment_not_found: { status: 404, title: 'There is no such environment' },
  environment_in_use: { status: 409, title: 'The environment still has apps' },
  environment_deleting: { status: 409, title: 'The environment is being deleted' },
  secret_not_found: { status: 404, title: 'There is no such secret' },
  secret_exists: { status: 409, title: 'There is a secret of this name already' },
  secret_in_use: { status: 409, title: 'Versions of apps need the secret' },
  secret_gone: { status: 409, title: 'A secret that is needed was deleted' },
  channel_not_found: { status: 404, title: 'There is no such channel' },
  app_stopped: { status: 409, title: 'The app is stopped' },
  name_in_use: { status: 409, title: 'The name belongs to another kind of app' },
  not_ephemeral: { status: 409, title: 'The app is not ephemeral' },
  app_not_stopped: { status: 409, title: 'The app is not stopped' },
  blob_missing: { status: 409, title: 'Files have not been uploaded' },
  blob_not_found: { status: 404, title: 'There is no such content' },
  blob_mismatch: { status: 400, title: 'The content does not have the announced hash' },
  label_taken: { status: 409, title: 'The web address belongs to another function' },
  version_conflict: { status: 409, title: 'The app has moved on' },
  nothing_to_roll_back_to: { status: 409, title: 'There is no earlier healthy version' },
  nothing_to_promote: { status: 409, title: 'There is no staged version' },
  idempotency_conflict: { status: 409, title: 'The idempotency key was used for another call' },
  not_scheduled: { status: 409, title: 'The function has no schedule' },
  not_callable: { status: 409, title: 'Web functions are called over HTTP' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  container_gone: { status: 410, title: 'The container is no longer known' },
  endpoint_not_found: { status: 404, title: 'Nothing is served at this address' },
  endpoint_unreachable: { status: 502, title: 'The container did not answer' },
  endpoint_unavailable: { status: 503, title: 'No container can serve requests' },
  endpoint_timeout: { status: 504, title: 'No container became ready in time' },
  quota_exceeded: { status: 503, title: 'A quota of the platform is full' },
  not_streamed: { status: 501, title: 'Changes are not streamed here' },
  unavailable: { status: 503, title: 'Sluice cannot take this now' },
  internal: { status: 500, title: 'Something broke on our side' },
} as const satisfies Record<string, { status: number; title: string }>

export type ErrorCode = keyof typeof ERRORS

/** RFC 9457 problem details, with Sluice's stable `code` and the path of each field at fault. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof Problem>

export interface FieldError {
  path: string
  message: string
}

/** A failure with a code of the closed set above; `detail` tells the reader what to do next. */
export class SluiceError extends Error {
  readonly code: ErrorCode
  readonly fields: FieldError[] | undefined

  constructor(code: ErrorCode, detail: string, fields?: FieldError[]) {
    super(detail)
    this.name = 'SluiceError'
    this.code = code
    this.fields = fields
  }

  get status(): number {
    return ERRORS[this.code].status
  }

  toProblem(): Problem {
    const { status, title } = ERRORS[this.code]
    const type = `urn:sluice:error:${this.code}`
    return {
      type,
      title,
      status,
      code: this.code,
      detail: this.message,
      ...(this.fields && { errors: this.fields }),
    }
  }
}
