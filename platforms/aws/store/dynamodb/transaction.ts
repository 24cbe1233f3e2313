import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb'
import { execute, isTransactionCancelled } from 'dynamodb-toolbox/entity/actions/transactWrite'

export type WriteItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number]
export type Write = Parameters<typeof isTransactionCancelled>[1]

/** For each write whether it was its condition that did not hold. */
export type Refusal = boolean[]

/** Writes all or nothing. @returns nothing once it is written */
export function writeAll(...writes: Write[]): Promise<Refusal | undefined> {
  return refusalOf(() => execute(...writes))
}

/** The same, of writes that no entity describes. */
export function writeItems(client: DynamoDBDocumentClient, items: WriteItem[]): Promise<Refusal | undefined> {
  return refusalOf(() => client.send(new TransactWriteCommand({ TransactItems: items })))
}

async function refusalOf(write: () => Promise<unknown>): Promise<Refusal | undefined> {
  try {
    await write()
    return undefined
  } catch (error) {
    if (!isTransactionCancelled(error)) throw error
    const failed = (error.CancellationReasons ?? []).map(({ Code }) => Code === 'ConditionalCheckFailed')
    if (!failed.includes(true)) throw error
    return failed
  }
}
