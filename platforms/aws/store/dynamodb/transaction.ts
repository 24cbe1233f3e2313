import { execute, isTransactionCancelled } from 'dynamodb-toolbox/entity/actions/transactWrite'

export type Write = Parameters<typeof isTransactionCancelled>[1]

/** For each write whether it was its condition that did not hold. */
export type Refusal = boolean[]

/** Writes all or nothing. @returns nothing once it is written */
export async function writeAll(...writes: Write[]): Promise<Refusal | undefined> {
  try {
    await execute(...writes)
    return undefined
  } catch (error) {
    if (!isTransactionCancelled(error)) throw error
    const failed = (error.CancellationReasons ?? []).map(({ Code }) => Code === 'ConditionalCheckFailed')
    if (!failed.includes(true)) throw error
    return failed
  }
}
