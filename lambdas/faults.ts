import * as z from 'zod'
import type { FieldError } from '../protocol/errors.ts'
import { nearest } from '../protocol/nearest.ts'

/** Of these many the rest is noise. */
const MOST_FAULTS = 100

/**
 * Everything that is wrong with a value, in words for whoever sent it; paths are dotted, and start with `place` unless
 * that is empty. Unknown keys are named with the nearest one that exists.
 */
export function faultsOf(schema: z.ZodType, value: unknown, place: string): FieldError[] {
  const known = new Map<readonly string[], string[]>()
  const parsed = schema.safeParse(value, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject) {
        known.set(issue.keys, Object.keys(issue.inst.shape))
      }
      return wording(issue)
    },
  })
  if (parsed.success) return []
  const start = place === '' ? [] : [place]
  return parsed.error.issues.flatMap((issue) => faultsIn(issue, start, known)).slice(0, MOST_FAULTS)
}

function faultsIn(
  issue: z.core.$ZodIssue,
  start: PropertyKey[],
  known: ReadonlyMap<readonly string[], string[]>,
): FieldError[] {
  const path = [...start, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: dotted([...path, key]),
      message: unknownKey(key, known.get(issue.keys) ?? []),
    }))
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({ path: dotted(path), message: `is a name that ${message}` }))
  }
  const branch = issue.code === 'invalid_union' ? likeliest(issue.errors) : undefined
  if (branch) return branch.flatMap((inner) => faultsIn(inner, path, known))
  return [{ path: dotted(path), message: issue.message }]
}

/** The alternative of a union that the value came closest to. */
function likeliest(branches: z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  return branches.toSorted((a, b) => a.length - b.length)[0]
}

function unknownKey(key: string, known: string[]): string {
  const near = nearest(key, known)
  if (near !== undefined) return `is not known here (did you mean "${near}"?)`
  return known.length === 0
    ? 'is not known here, nor is anything else'
    : `is not known here (${known.join(', ')} are)`
}

/** Words that go on from the path, as those in the schemas themselves do; undefined leaves zod's. */
function wording(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${article(issue.expected)}${butIs(issue.input)}`
    case 'invalid_value':
      return `must be ${either(issue.values as unknown[])}`
    case 'invalid_union':
      return issue.options ? `must be ${either(issue.options as unknown[])}` : undefined
    case 'too_big':
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`
    case 'too_small':
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`
    case 'invalid_format':
      return issue.format === 'datetime' ? 'must be a time such as 2026-01-31T06:00:00Z' : undefined
    default:
      return undefined
  }
}

function either(values: unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ')
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long'
  if (origin === 'array') return ' items long'
  return ''
}

/** Text of a query or a path that is no number has become one that JSON does not know. */
function butIs(value: unknown): string {
  if (value === null) return ', not null'
  if (typeof value === 'number' && !Number.isFinite(value)) return ''
  return `, not ${article(Array.isArray(value) ? 'array' : typeof value)}`
}

function article(noun: string): string {
  return /^[aeio]/.test(noun) ? `an ${noun}` : `a ${noun}`
}

function dotted(path: PropertyKey[]): string {
  return path.map(String).join('.')
}
