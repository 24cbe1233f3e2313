import { after, test } from 'node:test'
import { makeStore } from '../../../../platforms/aws/store/store.ts'
import { storeContract } from '../../../contract/store.ts'
import { DynamoDbTables, withoutDynamoDb } from '../dynamodb-tables.ts'

if (withoutDynamoDb) {
  test('DynamoDB keeps the store’s promises', { skip: withoutDynamoDb }, () => {})
} else {
  const made = new AsyncDisposableStack()
  after(() => made.disposeAsync())
  storeContract('DynamoDB', async () => makeStore(made.use(await DynamoDbTables.create()).settings))
}
