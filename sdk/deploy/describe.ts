import { basename, dirname, relative } from 'node:path'
import type { AppDescription } from '../../protocol/author.ts'
import type { Bundle } from './bundle.ts'
import { DeployFault } from './fault.ts'
import type { Loaded, LoadingProcess } from './loading-process.ts'

/** Node.js ends so where a top-level `await` can never settle. */
const UNSETTLED = 13
/** Lines of the file's own output that are worth showing. */
const OUTPUT_LINES = 20

/**
 * Learns what the app is made of by loading its bundle once, in a process of its own.
 * @throws DeployFault where it cannot be loaded, takes too long, or is no app
 */
export async function describe(
  bundle: Bundle,
  entry: string,
  loading: LoadingProcess,
): Promise<AppDescription> {
  const loaded = await loading.load(bundle, dirname(entry))
  if (loaded.answer?.kind === 'described') return loaded.answer.description
  throw faultOf(entry, loaded)
}

function faultOf(entry: string, { answer, ...ending }: Loaded): DeployFault {
  const name = basename(entry)
  const output = lastLines(ending.output)
  if (answer?.kind === 'faults') return new DeployFault(`${name}: ${answer.faults.join(' ')}`)
  if (answer?.kind === 'refused') {
    return new DeployFault(`${relative(dirname(entry), answer.place)}: ${answer.message}`)
  }
  if (answer?.kind === 'threw') {
    const detail = [answer.stack, output].filter(Boolean).join('\n\n')
    return new DeployFault(`${name} could not be loaded: ${answer.message}`, detail)
  }
  return new DeployFault(`${name} ${howItEnded(ending)}`, ending.code === UNSETTLED ? undefined : output)
}

function howItEnded({ code, timedOutAfterMs }: Omit<Loaded, 'answer'>): string {
  if (timedOutAfterMs !== undefined) {
    return `was still loading after ${timedOutAfterMs / 1000} s. What takes long belongs in a function, not at the top of the file.`
  }
  if (code === UNSETTLED) return 'waits at its top level for something that never comes.'
  return `ended the process while it was loaded (exit code ${code}).`
}

function lastLines(output: string): string | undefined {
  return output.trim().split('\n').slice(-OUTPUT_LINES).join('\n') || undefined
}
