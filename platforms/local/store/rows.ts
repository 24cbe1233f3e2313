import type { App, Call, Container, Version } from '../../../control/model.ts'
import type { Row } from './database.ts'

/** Rows to records: columns in snake case to fields in camel case, JSON where a field is a structure, null to absent. */

const STRUCTURES = new Set(['failure', 'args', 'result', 'error'])

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

export const toCall = (row: Row): Call => record(row) as unknown as Call

export function toContainer(row: Row): Container {
  return { ...record(row), launched: row.launched === 1 } as unknown as Container
}

/** What never changes of a version, and what seldom does, is one JSON document; its status is a column. */
export function toVersion(row: Row): Version {
  return {
    ...JSON.parse(String(row.record)),
    env: row.env,
    app: row.app,
    version: row.version,
    status: row.status,
  } as Version
}

export function versionRecord({ env, app, version, status, ...rest }: Version): string {
  return JSON.stringify(rest)
}
