import { inspect } from 'node:util'
import type { CallError } from '../../protocol/calls.ts'

/** Characters, so that an outcome stays small enough to travel. */
const MAX_MESSAGE = 8_000
const MAX_STACK = 16_000
const MAX_CAUSES = 5

/** Paths that a stack trace should not show: the loader's folder, and the folder that the author's paths lie in. */
export interface Whereabouts {
  root: string
  loader: string
}

/** What was thrown, for whoever made the call: with the author's own lines only, as they are in the source. */
export function describeError(thrown: unknown, whereabouts: Whereabouts): CallError {
  if (!(thrown instanceof Error)) {
    return { name: 'Error', message: cut(`Not an Error was thrown, but ${inspect(thrown)}`, MAX_MESSAGE) }
  }
  const message = cut(thrown.message, MAX_MESSAGE)
  return { name: nameOf(thrown), message, stack: cut(stackOf(thrown, whereabouts), MAX_STACK) }
}

/** Authors seldom set `name` in a subclass, but mean it. */
function nameOf(error: Error): string {
  return error.name === 'Error' ? error.constructor.name || 'Error' : error.name
}

function stackOf(error: Error, whereabouts: Whereabouts): string {
  const sections: string[] = []
  for (let current: unknown = error; current !== undefined && sections.length < MAX_CAUSES; ) {
    const prefix = sections.length === 0 ? '' : '[cause]: '
    if (!(current instanceof Error)) {
      sections.push(`${prefix}${inspect(current)}`)
      break
    }
    const heading = `${prefix}${nameOf(current)}: ${current.message}`
    sections.push([heading, ...framesOf(current, whereabouts)].join('\n'))
    current = current.cause
  }
  return sections.join('\n')
}

/** Without the loader's frames and what lies under them. */
function framesOf({ stack = '' }: Error, { root, loader }: Whereabouts): string[] {
  const isOurs = (line: string) => line.includes(`${loader}/`)
  const isNodes = (line: string) => /[( ]node:/.test(line)
  const frames = stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.replaceAll(`file://${root}/`, '').replaceAll(`${root}/`, ''))
  const last = frames.findLastIndex((line) => !isOurs(line) && !isNodes(line))
  return frames.slice(0, last + 1).filter((line) => !isOurs(line))
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
