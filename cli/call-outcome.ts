import type { CallView } from '../protocol/api.ts'
import { MAX_WAIT_SECONDS } from '../protocol/limits.ts'
import type { Api } from '../sdk/api.ts'
import { CancelledError, RemoteError } from '../sdk/errors.ts'
import { hasEnded, outcomeOf } from '../sdk/function-call.ts'
import { clearStatus, print, printFailure, printJson, printNote } from './terminal.ts'

const BELOW_MESSAGE = /^(?:\s+at |\[cause\]: )/

/** Waits for the end of a call. */
export async function untilEnded(
  api: Api,
  begun: CallView,
  show?: (status: string) => void,
): Promise<CallView> {
  let seen = begun
  while (!hasEnded(seen)) {
    show?.(`${seen.id} is ${seen.status}…`)
    seen = await api.send('getCall', { params: { id: begun.id }, query: { wait: MAX_WAIT_SECONDS } })
  }
  clearStatus()
  return seen
}

/**
 * Prints what a call came to: its result, or why it has none.
 * @param more what to print below a failure
 */
export async function printOutcome(ended: CallView, more?: string): Promise<void> {
  try {
    const result = await outcomeOf(ended)
    if (typeof result === 'string') print(result)
    else if (result !== undefined) printJson(result)
  } catch (error) {
    if (error instanceof CancelledError) printFailure(error.message)
    else if (error instanceof RemoteError) {
      printFailure(`${error.name}: ${error.message}`)
      printNote(stackOf(ended))
      if (more !== undefined) printNote(more)
    } else throw error
  }
}

/** What stands below the message, which is printed already and may have lines of its own: frames, and causes with theirs. */
function stackOf({ id, error }: CallView): string {
  const lines = error?.stack?.split('\n') ?? []
  const first = lines.findIndex((line) => BELOW_MESSAGE.test(line))
  return [...(first === -1 ? [] : lines.slice(first)), `    at remote call ${id}`].join('\n')
}
