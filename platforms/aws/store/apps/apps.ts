import type { Table } from 'dynamodb-toolbox/table'
import { fromCursor, toCursor } from '../../../../control/cursor.ts'
import type { Page, Search } from '../../../../control/paging.ts'
import type { AppStore } from '../../../../control/store-port.ts'
import { paged } from '../dynamodb/pages.ts'
import { list } from '../dynamodb/query.ts'
import { read, readAll } from '../dynamodb/read.ts'
import { toApp } from '../items/app.ts'
import type { DeployItems } from '../items/deploy.ts'

/** Before every name. */
const BEGIN = ' '

export function appReads({ apps, labels }: DeployItems): Pick<AppStore, 'app' | 'apps' | 'label'> {
  return {
    app: async ({ env, app }) => {
      const item = await read(apps, { env, app })
      return item && toApp(item)
    },

    apps: async (env, page) => {
      const after = page.cursor === undefined ? BEGIN : fromCursor('apps', page.cursor)
      const names = await namesIn(apps.table, { env, after }, page)
      const { items: keys, cursor } = paged(names, page, (name) => toCursor('apps', name))
      const items = await readAll(
        apps,
        keys.map((app) => ({ env, app })),
      )
      const sorted = items.sort((a, b) => (a.app < b.app ? -1 : 1))
      return { items: sorted.map(toApp), ...(cursor !== undefined && { cursor }) }
    },

    label: async (label) => {
      const item = await read(labels, { label })
      return item && { env: item.env, app: item.app, function: item.function }
    },
  }
}

/**
 * The page's names and one more, where there is one. DynamoDB filters by no key, so those that are searched for are found
 * among all names that the index holds: one read for some thousands of them.
 */
async function namesIn(
  table: Table,
  { env, after }: { env: string; after: string },
  { limit, containing }: Page & Search,
): Promise<string[]> {
  const found = await list(
    table,
    { index: 'byEnvironment', partition: env, range: { gt: after } },
    containing === undefined ? { limit: limit + 1 } : {},
  )
  const part = containing?.toLowerCase() ?? ''
  return found.map(({ name }) => String(name)).filter((name) => name.toLowerCase().includes(part))
}
