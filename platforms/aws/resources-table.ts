import { Table } from 'dynamodb-toolbox/table'
import type { Settings } from './settings.ts'
import { connect } from './store/dynamodb/connection.ts'

/** The table `resources` of tables.ts, for what is kept in it by `owner` and `item`. */
export function resourcesTable(settings: Settings) {
  return new Table({
    documentClient: connect(),
    name: settings.resourcesTable,
    partitionKey: { name: 'owner', type: 'string' },
    sortKey: { name: 'item', type: 'string' },
    indexes: {
      due: {
        type: 'global',
        partitionKey: { name: 'list', type: 'string' },
        sortKey: { name: 'dueAt', type: 'number' },
      },
    },
  })
}

export type ResourcesTable = ReturnType<typeof resourcesTable>
