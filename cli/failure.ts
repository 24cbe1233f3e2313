import { HttpError } from '../protocol/http.ts'
import { DeployFault } from '../sdk/deploy/fault.ts'
import { ConfigurationError, UnreachableError } from '../sdk/errors.ts'
import type { CommonOptions } from './conventions.ts'
import { clearStatus, printFailure, printJson, printNote } from './terminal.ts'

/** Failures whose message says it all. */
const EXPECTED = [HttpError, ConfigurationError, UnreachableError]

const WHERE_TOKENS_ARE =
  'Set SLUICE_TOKEN to a token of this control plane, or SLUICE_DIR to the folder of a platform on this machine.'

/** Says why a command failed: what is wrong, where, and what to do next. */
export function reportFailure(error: unknown, { json, verbose }: CommonOptions): void {
  clearStatus()
  if (json && error instanceof HttpError) printJson(error.problem)
  else explain(error)
  if (verbose && error instanceof Error && error.stack) printNote(`\n${error.stack}`)
}

function explain(error: unknown): void {
  if (error instanceof HttpError && error.fields?.length) {
    printFailure(`${error.problem.title ?? error.message}:`)
    for (const { path, message } of error.fields) printNote(`  ${asWritten(path)} ${message}`)
  } else if (error instanceof DeployFault) {
    printFailure(error.message)
    if (error.detail) printNote(`\n${error.detail}`)
  } else if (EXPECTED.some((kind) => error instanceof kind)) {
    printFailure((error as Error).message)
    if (error instanceof HttpError && error.code === 'unauthenticated') printNote(WHERE_TOKENS_ARE)
  } else {
    printFailure(`${error instanceof Error ? error.message : error}. "--verbose" shows where.`)
  }
}

/** Authors know their functions, not the manifest that was made of them. */
const asWritten = (path: string): string => path.replace(/^manifest\./, '')
