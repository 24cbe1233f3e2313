import type { FieldError, Problem } from '../../protocol/errors.ts'

/** The API refused, or could not be reached; the message is a sentence for people, from the API wherever it has one. */
export class ApiProblem extends Error {
  /** 0 where there was no answer. */
  readonly status: number
  readonly code: string
  readonly fields: FieldError[]

  constructor(status: number, { code, detail, title, errors }: Partial<Problem>) {
    super(detail ?? title ?? `The control plane answered ${status}.`)
    this.name = 'ApiProblem'
    this.status = status
    this.code = code ?? 'unknown'
    this.fields = errors ?? []
  }

  /** Whether the same request may well succeed a little later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

export const unreachable = (): ApiProblem =>
  new ApiProblem(0, {
    code: 'unreachable',
    detail: 'The control plane does not answer.',
  })

/** What is said where an act failed so: it may have been done, if only the answer was lost. */
export const ofAct = (error: unknown): unknown =>
  error instanceof ApiProblem && error.status === 0
    ? new ApiProblem(0, {
        code: error.code,
        detail: `${error.message} It may have done what was asked for: look before you ask again.`,
      })
    : error
