import { fromCursor, toCursor } from '../../../../control/cursor.ts'
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
      const found = await list(
        apps.table,
        { index: 'byEnvironment', partition: env, range: { gt: after } },
        { limit: page.limit + 1 },
      )
      const { items: keys, cursor } = paged(found, page, ({ name }) => toCursor('apps', String(name)))
      const items = await readAll(
        apps,
        keys.map(({ name }) => ({ env, app: String(name) })),
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
