import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { makeStore } from '../../../../platforms/aws/store/store.ts'
import { storeContract } from '../../../contract/store.ts'
import { DynamoDbTables, withoutDynamoDb } from '../dynamodb-tables.ts'
import { WatchedClient } from './watched-client.ts'

if (withoutDynamoDb) {
  test('DynamoDB keeps the store’s promises', { skip: withoutDynamoDb }, () => {})
} else {
  const made = new AsyncDisposableStack()
  const watched = new WatchedClient()
  after(() => made.disposeAsync())
  // DynamoDB promises no order ("BatchGetItem", DynamoDB API Reference).
  watched.onRequest = async ({ name }, send) => {
    const answer = (await send()) as { output: { Responses?: Record<string, unknown[]> } }
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
