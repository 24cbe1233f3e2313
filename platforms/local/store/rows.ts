import type { App, Call, Container, ContainerLife, Version } from '../../../control/model.ts'
import type { Firing, ScheduleRecord } from '../../../control/schedule-model.ts'
import type { SessionCode, Token } from '../../../control/token-model.ts'
import type { Manifest } from '../../../protocol/manifest.ts'
import type { Row } from './database.ts'

/** Rows to records: columns in snake case to fields in camel case, JSON where a field is a structure, null to absent. */

const STRUCTURES = new Set([
  'autoscaler',
  'failure',
  'args',
  'result',
  'error',
  'schedule',
  'phases',
  'staged',
])

const camel = (column: string): string =>
  column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
const FIELDS = new Map<string, string>()

function fieldOf(column: string): string {
  let field = FIELDS.get(column)
  if (field === undefined) {
    field = camel(column)
    FIELDS.set(column, field)
  }
  return field
}

function record(row: Row): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const column in row) {
    const value = row[column]
    if (value === null) continue
    fields[fieldOf(column)] = STRUCTURES.has(column) ? JSON.parse(String(value)) : value
  }
  return fields
}

export const toApp = (row: Row): App => record(row) as unknown as App

export const toScheduleRecord = (row: Row): ScheduleRecord => record(row) as unknown as ScheduleRecord

export function toFiring({ run, ...row }: Row): Firing {
  return record(row) as unknown as Firing
}

export const toCall = (row: Row): Call => record(row) as unknown as Call

export const toToken = (row: Row): Token => record(row) as unknown as Token

export const toSessionCode = (row: Row): SessionCode => record(row) as unknown as SessionCode

export function toContainer(row: Row): Container {
  const flags = { launched: row.launched === 1, ...(row.apart === 1 && { apart: true }) }
  return { ...record(row), ...flags } as unknown as Container
}

export const toLife = (row: Row): ContainerLife => record(row) as unknown as ContainerLife

const MANIFESTS_KEPT = 500

/**
 * Versions are read far more often than made, and a manifest never changes: the latest ones stay parsed. By what they hold
 * too, for a version that was read and never committed leaves its number to another one.
 */
export class Versions {
  readonly #manifests = new Map<string, Manifest>()

  read(row: Row): Version {
    const { env, app, version, status } = row
    const rest = JSON.parse(String(row.record))
    return {
      ...rest,
      env,
      app,
      version,
      status,
      manifest: this.#manifestOf(row, rest.manifestHash),
    } as Version
  }

  #manifestOf({ env, app, version, manifest }: Row, hash: string): Manifest {
    const key = `${env}/${app}/${version}/${hash}`
    const known = this.#manifests.get(key)
    if (known) return known
    const parsed = JSON.parse(String(manifest)) as Manifest
    const [oldest] = this.#manifests.keys()
    if (this.#manifests.size >= MANIFESTS_KEPT && oldest !== undefined) this.#manifests.delete(oldest)
    this.#manifests.set(key, parsed)
    return parsed
  }
}

/** All of a version that is neither a column of its own nor its manifest. */
export function versionRecord({ env, app, version, status, manifest, ...rest }: Version): string {
  return JSON.stringify(rest)
}
