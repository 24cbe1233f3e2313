import type { FieldError } from '../protocol/errors.ts'
import { HttpError } from '../protocol/http.ts'
import { DeployFault } from '../sdk/deploy/fault.ts'
import { ConfigurationError, NameError, UnreachableError } from '../sdk/errors.ts'
import type { CommonOptions } from './conventions.ts'
import { UnwatchableError } from './file-changes.ts'
import { clearStatus, printFailure, printJson, printNote } from './terminal.ts'

/** Failures whose message says it all. */
const EXPECTED = [HttpError, ConfigurationError, NameError, UnreachableError, UnwatchableError]

const PLACE = /^(manifest|path|query)\./
const WHERE_TOKENS_ARE =
  'Set SLUICE_TOKEN to a token of this control plane, name a profile that has one ("sluice profile list"), or set SLUICE_DIR to the folder of a platform on this machine.'

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
    for (const fault of faultsOf(error.fields)) printNote(`  ${fault}`)
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

/** Authors know their functions, and not where in a request these stand, such as an app's name in two places. */
function faultsOf(fields: FieldError[]): Set<string> {
  return new Set(fields.map(({ path, message }) => `${path.replace(PLACE, '')} ${message}`))
}
