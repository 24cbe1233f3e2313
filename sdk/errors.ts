import type { CallError, CallStatus } from '../protocol/calls.ts'
import { hasBrokenOff, mayHaveArrived } from './retry.ts'

/** The function that was called threw, or took too long: `name`, `message` and `stack` are those of its own error. */
export class RemoteError extends Error {
  readonly callId: string
  readonly status: CallStatus

  constructor(callId: string, status: CallStatus, error: CallError) {
    super(error.message)
    this.name = error.name
    this.callId = callId
    this.status = status
    if (error.stack) this.stack = `${error.stack}\n    at remote call ${callId}`
  }
}

/** The caller did not want to wait longer; the call itself goes on. */
export class TimeoutError extends Error {
  readonly callId: string

  constructor(callId: string, seconds: number) {
    super(
      `Call ${callId} has not ended within ${seconds} s. It goes on: ask again with FunctionCall.fromId('${callId}').get(), or end it with .cancel().`,
    )
    this.name = 'TimeoutError'
    this.callId = callId
  }
}

/** The call was ended before its own end: by somebody, or because its app was stopped. */
export class CancelledError extends Error {
  readonly callId: string

  constructor(callId: string, message = `Call ${callId} was cancelled.`) {
    super(message)
    this.name = 'CancelledError'
    this.callId = callId
  }
}

/** Nobody answers where Sluice should be, or not to the end. */
export class UnreachableError extends Error {
  readonly url: string

  constructor(url: string, cause: unknown) {
    super(whatIsAmiss(url, cause), { cause })
    this.name = 'UnreachableError'
    this.url = url
  }
}

/** Nothing can be called that, so nothing was asked. */
export class NameError extends Error {
  constructor(kind: string, name: string) {
    super(`There can be no ${kind} "${name}": a name begins with a letter or digit.`)
    this.name = 'NameError'
  }
}

/** It is not known where Sluice is, or how to get in. */
export class ConfigurationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigurationError'
  }
}

function whatIsAmiss(url: string, cause: unknown): string {
  if (!mayHaveArrived(cause)) return `Sluice is not running at ${url}. Start it with "sluice up".`
  const what = hasBrokenOff(cause)
    ? `The connection to Sluice at ${url} broke off before it answered.`
    : `Sluice at ${url} did not answer in time.`
  return `${what} It may have done what was asked for: look, then ask again. Its log says why, if it is still running.`
}
