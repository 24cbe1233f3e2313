import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { makeStore } from '../../../../platforms/aws/store/store.ts'
import { storeContract } from '../../../contract/store.ts'
import { DynamoDbTables, withoutDynamoDb } from '../dynamodb-tables.ts'
import { WatchedClient } from './watched-client.ts'

const SMALL_PAGE = 2

if (withoutDynamoDb) {
  test('DynamoDB keeps the store’s promises', { skip: withoutDynamoDb }, () => {})
} else {
  const made = new AsyncDisposableStack()
  const watched = new WatchedClient()
  after(() => made.disposeAsync())
  watched.onRequest = async ({ name, input }, send) => {
    // A page ends after a megabyte, however little the limit asks for ("Query", DynamoDB API Reference).
    if (name === 'Query') input.Limit = Math.min(Number(input.Limit ?? SMALL_PAGE), SMALL_PAGE)
    const answer = (await send()) as { output: { Responses?: Record<string, unknown[]> } }
    // In any order ("BatchGetItem", same place).
    if (name === 'BatchGetItem')
      for (const items of Object.values(answer.output.Responses ?? {})) items.reverse()
    return answer
  }

  storeContract('DynamoDB', async () => {
    const { settings } = made.use(await DynamoDbTables.create())
    return makeStore(settings, watched.client)
  })

  test('nothing of all this scans a table', () => {
    const reads = [...watched.names].filter((name) => /Get|Query|Scan/.test(name)).sort()
    assert.deepEqual(reads, ['BatchGetItem', 'GetItem', 'Query'])
  })
}
