import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import type { SecretKey } from '../../../../control/secret-model.ts'
import { backOff } from '../dynamodb/backoff.ts'
import { unavailable } from '../dynamodb/connection.ts'
import { read } from '../dynamodb/read.ts'
import { type Write, writeAll } from '../dynamodb/transaction.ts'
import type { SecretEntity, SecretItem } from '../items/secret.ts'

/** More people than these do not write one secret at the same time. */
const MOST_TRIES = 50

/** What becomes of a secret, and of other items with it; without `next`, nothing. */
export interface Change<Outcome> {
  outcome: Outcome
  next?: Omit<SecretItem, 'revision' | 'env' | 'name'>
  writes?: Write[]
}

/** Decides on what the secret is, and writes that in one step if it still is; else decides anew. */
export async function changeSecret<Outcome>(
  secrets: SecretEntity,
  { env, name }: SecretKey,
  decide: (secret: SecretItem | undefined) => Change<Outcome> | Promise<Change<Outcome>>,
): Promise<Outcome> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const before = await read(secrets, { env, name })
    const { outcome, next, writes = [] } = await decide(before)
    if (!next) return outcome
    const put = secrets
      .build(PutTransaction)
      .item({ ...next, env, name, revision: (before?.revision ?? 0) + 1 })
      .options({
        condition: before ? { attr: 'revision', eq: before.revision } : { attr: 'revision', exists: false },
      })
    if ((await writeAll(put, ...writes)) === undefined) return outcome
    await backOff(attempt)
  }
  throw unavailable(`too many write the secret ${name} at once`)
}
