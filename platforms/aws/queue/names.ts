import { hash } from 'node:crypto'
import type { QueueKey } from '../../../control/ports.ts'
import type { AppKey } from '../../../protocol/names.ts'

/** Of a SHA-256, in hex: names of apps and functions are longer than a queue's 80 characters. */
const DIGITS = 16

/** A function's queue; `idle` is the app's queue for containers that may not take anything yet. */
export type Place = QueueKey | (AppKey & { idle: true })

/** Begins the names of the app's queues; of all that it ever had unless `removals` says since which removal. */
export function prefixOf({ env, app }: AppKey, removals?: number): string {
  return `${digest(`${env}/${app}`)}-${removals === undefined ? '' : `${removals}-`}`
}

export function nameOf(place: Place, removals: number): string {
  return prefixOf(place, removals) + ('idle' in place ? 'idle' : functionPart(place))
}

function functionPart({ function: name, pin }: QueueKey): string {
  return digest(name) + (pin === undefined ? '' : `-v${pin}`)
}

const digest = (text: string): string => hash('sha256', text).slice(0, DIGITS)
