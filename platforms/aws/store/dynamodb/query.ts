import type { Table } from 'dynamodb-toolbox/table'
import { type Query, QueryCommand } from 'dynamodb-toolbox/table/actions/query'

export type Keys = Record<string, unknown>

interface Extent {
  /** No more items than these. */
  limit?: number
  reverse?: boolean
  consistent?: boolean
}

/**
 * What an index or a partition holds, in its order, over as many pages as that takes. An index shows a change a moment
 * later, so what matters is read again from the table.
 */
export async function list(
  table: Table,
  query: Query<Table>,
  { limit = Infinity, ...options }: Extent = {},
): Promise<Keys[]> {
  const found: Keys[] = []
  let from: Keys | undefined
  do {
    const page = await table
      .build(QueryCommand)
      .query(query)
      .options({
        ...options,
        ...(Number.isFinite(limit) && { limit: limit - found.length }),
        ...(from && { exclusiveStartKey: from }),
      })
      .send()
    found.push(...((page.Items ?? []) as Keys[]))
    from = page.LastEvaluatedKey as Keys | undefined
  } while (from && found.length < limit)
  return found
}
