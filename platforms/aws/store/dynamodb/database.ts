import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { Table } from 'dynamodb-toolbox/table'
import type { Settings } from '../../settings.ts'
import { type IndexShape, TABLES, type TableName, type TableShape } from '../../tables.ts'

export type Database = Record<Exclude<TableName, 'resources'>, Table>

/** The tables of tables.ts. A table's name is asked for when it is used: a handler is told only of those that it needs. */
export function openDatabase(settings: Settings, documentClient: DynamoDBDocumentClient): Database {
  const open = (shape: TableShape, name: () => string): Table =>
    new Table({ ...keysOf(shape), documentClient, name, indexes: indexesOf(shape) })
  return {
    apps: open(TABLES.apps, () => settings.appsTable),
    calls: open(TABLES.calls, () => settings.callsTable),
    containers: open(TABLES.containers, () => settings.containersTable),
    collection: open(TABLES.collection, () => settings.collectionTable),
    tokens: open(TABLES.tokens, () => settings.tokensTable),
    history: open(TABLES.history, () => settings.historyTable),
    usage: open(TABLES.usage, () => settings.usageTable),
    schedules: open(TABLES.schedules, () => settings.schedulesTable),
    environments: open(TABLES.environments, () => settings.environmentsTable),
    channels: open(TABLES.channels, () => settings.channelsTable),
  }
}

function keysOf({ partitionKey, sortKey }: TableShape) {
  return {
    partitionKey: { name: partitionKey, type: 'string' as const },
    ...(sortKey !== undefined && { sortKey: { name: sortKey, type: 'string' as const } }),
  }
}

function indexesOf({ indexes = {} }: TableShape) {
  return Object.fromEntries(Object.entries(indexes).map(([name, index]) => [name, indexOf(index)]))
}

function indexOf({ partitionKey, sortKey, sortKeyType = 'string' }: IndexShape) {
  return {
    type: 'global' as const,
    partitionKey: { name: partitionKey, type: 'string' as const },
    sortKey: { name: sortKey, type: sortKeyType },
  }
}
