import { HttpError } from '../protocol/http.ts'
import { DeployFault } from '../sdk/deploy/fault.ts'
import { ConfigurationError, UnreachableError } from '../sdk/errors.ts'
import type { CommonOptions } from './conventions.ts'
import { clearStatus, printFailure, printJson, printNote } from './terminal.ts'

/** Says why a command failed: what is wrong, where, and what to do next. */
export function reportFailure(error: unknown, { json, verbose }: CommonOptions): void {
  clearStatus()
  if (json && error instanceof HttpError) printJson(error.problem)
  else explain(error)
  if (verbose && error instanceof Error && error.stack) printNote(`\n${error.stack}`)
}

function explain(error: unknown): void {
  if (error instanceof HttpError) {
    printFailure(error.message)
    for (const { path, message } of error.fields ?? []) printNote(`  ${path} ${message}`)
  } else if (error instanceof DeployFault) {
    printFailure(error.message)
    if (error.detail) printNote(`\n${error.detail}`)
  } else if (error instanceof ConfigurationError || error instanceof UnreachableError) {
    printFailure(error.message)
  } else {
    printFailure(`${error instanceof Error ? error.message : error}. "--verbose" shows where.`)
  }
}
