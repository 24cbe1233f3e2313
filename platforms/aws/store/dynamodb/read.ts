import { BatchGetCommand } from '@aws-sdk/lib-dynamodb'
import type { Entity, FormattedItem, KeyInputItem } from 'dynamodb-toolbox/entity'
import { EntityFormatter } from 'dynamodb-toolbox/entity/actions/format'
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get'
import { EntityParser } from 'dynamodb-toolbox/entity/actions/parse'
import { backOff } from './backoff.ts'
import { chunks } from './chunks.ts'
import { unavailable } from './connection.ts'

/** DynamoDB API Reference, "BatchGetItem". */
const MOST_KEYS = 100
const MOST_TRIES = 30

/** Everything here is strongly consistent: what was written before is seen. */
export async function read<E extends Entity>(
  entity: E,
  key: KeyInputItem<E>,
): Promise<FormattedItem<E> | undefined> {
  const { Item } = await entity
    .build(GetItemCommand<E>)
    .key(key)
    .options({ consistent: true })
    .send()
  return Item as FormattedItem<E> | undefined
}

/** Those of the items that there are, in no order. */
export async function readAll<E extends Entity>(
  entity: E,
  keys: KeyInputItem<E>[],
): Promise<FormattedItem<E>[]> {
  const read = await Promise.all(chunks(keys, MOST_KEYS).map((chunk) => readChunk(entity, chunk)))
  const formatter = entity.build(EntityFormatter<E>)
  return read.flat().map((item) => formatter.format(item))
}

async function readChunk<E extends Entity>(
  entity: E,
  keys: KeyInputItem<E>[],
): Promise<Record<string, unknown>[]> {
  const parser = entity.build(EntityParser<E>)
  const table = entity.table.getName()
  const Keys = keys.map((key) => parser.parse(key, { mode: 'key' }).key)
  const found: Record<string, unknown>[] = []
  let asked: Asked = { [table]: { Keys, ConsistentRead: true } }
  for (let attempt = 0; ; attempt++) {
    const answer = await entity.table.getDocumentClient().send(new BatchGetCommand({ RequestItems: asked }))
    found.push(...(answer.Responses?.[table] ?? []))
    asked = answer.UnprocessedKeys ?? {}
    // Too large for one answer, or throttled: the SDK leaves it to its users to ask again.
    if (Object.keys(asked).length === 0) return found
    if (attempt === MOST_TRIES) throw unavailable('UnprocessedKeys')
    await backOff(attempt)
  }
}

type Asked = NonNullable<ConstructorParameters<typeof BatchGetCommand>[0]['RequestItems']>
