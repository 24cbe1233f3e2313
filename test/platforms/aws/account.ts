import { randomUUID } from 'node:crypto'
import {
  type AttributeDefinition,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  type KeySchemaElement,
  type Projection,
} from '@aws-sdk/client-dynamodb'
import type { InitializeMiddleware } from '@smithy/types'
import { type IndexShape, TABLES, type TableName, type TableShape } from '../../../platforms/aws/tables.ts'

/** Why tests that need an AWS account are skipped, where there is none. */
export const skip =
  process.env.AWS_ENDPOINT_URL === undefined &&
  'there is no AWS here: run scripts/emulator up, then eval "$(scripts/emulator env)"'

/** Begins the names of what one test makes, so that tests do not meet. */
export const randomPrefix = (): string => `test-${randomUUID().slice(0, 8)}-`

export interface MadeTable {
  name: string
  delete(): Promise<void>
}

/** An empty table as the stacks would make it. */
export async function makeTable(table: TableName): Promise<MadeTable> {
  const client = new DynamoDBClient()
  const { partitionKey, sortKey, indexes = {} } = TABLES[table]
  const TableName = randomPrefix() + table
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keySchema(partitionKey, sortKey),
      AttributeDefinitions: attributesOf(TABLES[table]),
      GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, index]) => ({
        IndexName,
        KeySchema: keySchema(index.partitionKey, index.sortKey),
        Projection: projectionOf(index),
      })),
    }),
  )
  return {
    name: TableName,
    delete: async () => {
      await client.send(new DeleteTableCommand({ TableName }))
    },
  }
}

function keySchema(partitionKey: string, sortKey: string | undefined): KeySchemaElement[] {
  const hash: KeySchemaElement = { AttributeName: partitionKey, KeyType: 'HASH' }
  return sortKey === undefined ? [hash] : [hash, { AttributeName: sortKey, KeyType: 'RANGE' }]
}

function attributesOf({
  partitionKey,
  sortKey = partitionKey,
  indexes = {},
}: TableShape): AttributeDefinition[] {
  const types = new Map<string, 'S' | 'N'>([
    [partitionKey, 'S'],
    [sortKey, 'S'],
  ])
  for (const index of Object.values(indexes)) {
    types.set(index.partitionKey, 'S')
    types.set(index.sortKey, index.sortKeyType === 'number' ? 'N' : 'S')
  }
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }))
}

const projectionOf = ({ include }: IndexShape): Projection =>
  include ? { ProjectionType: 'INCLUDE', NonKeyAttributes: include } : { ProjectionType: 'KEYS_ONLY' }

interface Observable {
  middlewareStack: { add(middleware: never, options: { step: 'initialize' }): void }
}

/** The names of the commands that a client sends from now on, such as `SendMessageCommand`. */
export function commandsOf(client: Observable): string[] {
  const names: string[] = []
  onCommand(client, (name) => names.push(name))
  return names
}

/** Tells of each command that a client sends from now on. */
export function onCommand(client: Observable, tell: (name: string, input: object) => void): void {
  const observe: InitializeMiddleware<object, object> = (next, { commandName = '' }) => {
    return (args) => {
      tell(commandName, args.input)
      return next(args)
    }
  }
  client.middlewareStack.add(observe as never, { step: 'initialize' })
}
