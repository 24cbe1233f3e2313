import { createHash } from 'node:crypto'
import type { AppKey } from '../../../protocol/names.ts'
import { expressionsOf } from './expressions.ts'
import type { PlannedEntry } from './plan.ts'

/** A name has at most 64 characters: 17 are the app's, the rest is left for numbers. */
const FUNCTION_LENGTH = 33
const HASH_LENGTH = 6

/** Begins the names of an app's schedules, and of no other's. */
export function prefixOf({ env, app }: AppKey): string {
  return `${hash(`${env}/${app}`).slice(0, 16)}-`
}

/** Of all the schedules that it takes. What is changed gets other names, so that no late word about it hits what is new. */
export function namesOf(key: AppKey, entry: PlannedEntry): string[] {
  const parts = expressionsOf(entry.schedule, entry.anchor, entry.anchor)
  return parts.map((_, part) => `${prefixOf(key)}${short(entry.function)}-${entry.since}-${part}`)
}

function short(name: string): string {
  if (name.length <= FUNCTION_LENGTH) return name
  return `${name.slice(0, FUNCTION_LENGTH - HASH_LENGTH - 1)}-${hash(name).slice(0, HASH_LENGTH)}`
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
