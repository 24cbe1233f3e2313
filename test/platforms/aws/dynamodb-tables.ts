import { randomUUID } from 'node:crypto'
import {
  type AttributeDefinition,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
} from '@aws-sdk/client-dynamodb'
import { fromVariables, type Setting, type Settings, toVariables } from '../../../platforms/aws/settings.ts'
import { type IndexShape, TABLES, type TableShape } from '../../../platforms/aws/tables.ts'

/** Why tests of what is kept in DynamoDB do not run here, if they do not. */
export const withoutDynamoDb =
  process.env.AWS_ENDPOINT_URL === undefined
    ? 'SKIPPED: AWS_ENDPOINT_URL is not set. Start the emulator: scripts/emulator up && eval "$(scripts/emulator env)"'
    : false

/** Tables as tables.ts lays them out, under a name that nobody else has, and gone when they are disposed of. */
export class DynamoDbTables implements AsyncDisposable {
  readonly settings: Settings
  readonly #client = new DynamoDBClient({})
  readonly #names: Map<string, string>

  private constructor() {
    const prefix = `test-${randomUUID().slice(0, 8)}`
    this.#names = new Map(Object.keys(TABLES).map((table) => [table, `${prefix}-${table}`]))
    const settings = Object.fromEntries(
      [...this.#names].map(([table, name]) => [`${table}Table` as Setting, name]),
    )
    this.settings = fromVariables(toVariables(settings))
  }

  static async create(): Promise<DynamoDbTables> {
    const tables = new DynamoDbTables()
    const shapes = Object.entries(TABLES).map(([table, shape]) => tables.#create(table, shape))
    await Promise.all(shapes)
    return tables
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#names.values()].map((TableName) => this.#client.send(new DeleteTableCommand({ TableName }))),
    )
    this.#client.destroy()
  }

  async #create(table: string, shape: TableShape): Promise<void> {
    const indexes = Object.entries(shape.indexes ?? {}).map(([name, index]) => toIndex(name, index))
    await this.#client.send(
      new CreateTableCommand({
        TableName: this.#names.get(table),
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: keySchema(shape.partitionKey, shape.sortKey),
        AttributeDefinitions: attributesOf(shape),
        ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
      }),
    )
  }
}

function keySchema(partitionKey: string, sortKey: string | undefined): KeySchemaElement[] {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    ...(sortKey === undefined ? [] : [{ AttributeName: sortKey, KeyType: 'RANGE' as const }]),
  ]
}

function toIndex(IndexName: string, { partitionKey, sortKey, include }: IndexShape): GlobalSecondaryIndex {
  return {
    IndexName,
    KeySchema: keySchema(partitionKey, sortKey),
    Projection: include
      ? { ProjectionType: 'INCLUDE', NonKeyAttributes: include }
      : { ProjectionType: 'KEYS_ONLY' },
  }
}

function attributesOf({ partitionKey, sortKey, indexes = {} }: TableShape): AttributeDefinition[] {
  const shapes = Object.values(indexes)
  const names = [
    partitionKey,
    sortKey ?? [],
    ...shapes.flatMap((index) => [index.partitionKey, index.sortKey]),
  ].flat()
  const numbers = new Set(
    shapes.filter((index) => index.sortKeyType === 'number').map((index) => index.sortKey),
  )
  return [...new Set(names)].map((AttributeName) => ({
    AttributeName,
    AttributeType: numbers.has(AttributeName) ? 'N' : 'S',
  }))
}
