import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import {
  APP,
  type AppDescription,
  type AuthoredApp,
  type AuthoredFunction,
  FUNCTION,
  nameFunctions,
} from '../../protocol/author.ts'
import type { Described } from './loading-process.ts'

/** The process that is told where an author's bundle is, loads it, says what it found, and ends, whatever the bundle has begun. */

/** Frames of Node.js, of this package and of this file tell the author nothing. */
const FOREIGN_FRAME = /\b(node:internal|sluice:|describe-child)/
const SDK_FRAME = /\bsluice:sdk\//
/** At the end of a frame: `(/path/app.ts:3:26)`, or without brackets. */
const PLACE = /(?:\(|at )([^(]+:\d+:\d+)\)?$/

// Heard once, so that whoever waits at the top of the bundle for what never comes does not wait with this channel open.
const [file] = await once(process, 'message')
process.on('uncaughtException', (error) => answer(threw(error)))
answer(await look(file))

async function look(file: string): Promise<Described> {
  try {
    const { app, functions, faults } = nameFunctions(await import(pathToFileURL(file).href))
    if (!app || faults.length > 0) return { kind: 'faults', faults }
    return { kind: 'described', description: describeApp(app, functions) }
  } catch (error) {
    return threw(error)
  }
}

function gates({ [APP]: { check, rollback } }: AuthoredApp): Pick<AppDescription, 'check' | 'rollback'> {
  return { ...(check !== undefined && { check }), ...(rollback && { rollback }) }
}

function describeApp(app: AuthoredApp, functions: Map<string, AuthoredFunction>): AppDescription {
  return {
    name: app[APP].name,
    ...gates(app),
    ...(app[APP].tags && { tags: app[APP].tags }),
    functions: [...functions].map(
      ([
        name,
        {
          [FUNCTION]: { spec, folders },
        },
      ]) => ({ name, spec, folders }),
    ),
  }
}

function threw(error: unknown): Described {
  if (!(error instanceof Error)) return { kind: 'threw', message: String(error), stack: undefined }
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
  const own = frames.filter((frame) => !FOREIGN_FRAME.test(frame))
  const place = PLACE.exec(own[0] ?? '')?.[1]
  if (place && isRefusal(error, frames)) return { kind: 'refused', message: error.message, place }
  return { kind: 'threw', message: `${error.name}: ${error.message}`, stack: own.join('\n') }
}

/** The SDK refuses options by this error, whose message says it all but where. */
function isRefusal(error: Error, [thrower = '']: string[]): boolean {
  return error instanceof TypeError && SDK_FRAME.test(thrower)
}

function answer(described: Described): void {
  process.send?.(described, () => process.exit())
}
