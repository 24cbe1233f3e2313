import { TABLES, type TableName } from '../../platforms/aws/tables.ts'
import type { DataStack } from '../data-stack.ts'
import { type Means, together } from './means.ts'

const ACTIONS = {
  read: ['BatchGetItem', 'GetItem', 'Query'],
  get: ['GetItem'],
  list: ['Query'],
  put: ['PutItem'],
  update: ['UpdateItem'],
  delete: ['DeleteItem'],
  check: ['ConditionCheckItem'],
}

const SETTINGS = {
  apps: 'appsTable',
  calls: 'callsTable',
  containers: 'containersTable',
  tokens: 'tokensTable',
  history: 'historyTable',
  schedules: 'schedulesTable',
  environments: 'environmentsTable',
  collection: 'collectionTable',
  channels: 'channelsTable',
  resources: 'resourcesTable',
  usage: 'usageTable',
} as const

export type TableUse = keyof typeof ACTIONS

/** The port `Store`, or what a handler uses of it. A transaction takes the same rights as its parts do by themselves. */
export function store(data: DataStack, uses: Partial<Record<TableName, TableUse[]>>): Means {
  const names = Object.keys(uses) as TableName[]
  return together(...names.map((name) => table(data, name, uses[name]?.flatMap((use) => ACTIONS[use]) ?? [])))
}

/** What the platform notes of what it has made for apps. */
export function records(data: DataStack, ...actions: string[]): Means {
  return table(data, 'resources', actions)
}

/** Nothing scans, so nobody may. */
function table({ tables }: DataStack, name: TableName, actions: string[]): Means {
  const { tableArn, tableName } = tables[name]
  const indexes = actions.includes('Query') ? Object.keys(TABLES[name].indexes ?? {}) : []
  return {
    settings: { [SETTINGS[name]]: tableName },
    rights: [
      {
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [tableArn, ...indexes.map((index) => `${tableArn}/index/${index}`)],
      },
    ],
  }
}
