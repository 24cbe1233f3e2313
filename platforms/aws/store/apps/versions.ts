import { EntityFormatter } from 'dynamodb-toolbox/entity/actions/format'
import { fromCursor, toCursor } from '../../../../control/cursor.ts'
import type { Version } from '../../../../control/model.ts'
import type { Page } from '../../../../control/paging.ts'
import type { AppStore } from '../../../../control/store-port.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import { paged } from '../dynamodb/pages.ts'
import { list } from '../dynamodb/query.ts'
import { read, readAll } from '../dynamodb/read.ts'
import { rollingOf } from '../items/app.ts'
import type { DeployItems } from '../items/deploy.ts'
import { LAST_VERSION, numberPlace, partitionOf } from '../items/places.ts'
import { VERSIONS, type VersionEntity, type VersionItem } from '../items/version.ts'
import { Manifests } from './manifests.ts'

type VersionReads = Pick<AppStore, 'version' | 'versions' | 'rollingVersions'>

export function versionReads({ apps, versions, manifests }: DeployItems): VersionReads {
  const known = new Manifests(manifests)
  const whole = async (items: VersionItem[]): Promise<Version[]> => {
    const found = await known.of(items)
    return items.map((item, i) => ({ ...item, manifest: found[i] }) as Version)
  }

  return {
    version: async ({ env, app }, version) => {
      const item = await read(versions, { env, app, version })
      return item && (await whole([item]))[0]
    },

    versions: async (key, page) => {
      const { items, cursor } = paged(await history(versions, key, page), page, ({ version }) =>
        toCursor('versions', version),
      )
      return { items: await whole(items), ...(cursor !== undefined && { cursor }) }
    },

    rollingVersions: async ({ env, app }) => {
      const item = await read(apps, { env, app })
      const numbers = item ? rollingOf(item) : []
      const items = await readAll(
        versions,
        numbers.map((version) => ({ env, app, version })),
      )
      // One that has gone live or was given up since is not rolling any more.
      const rolling = items.filter(({ status }) => status === 'rolling')
      return whole(rolling.sort((a, b) => a.version - b.version))
    },
  }
}

/** The page's versions and one more, where there is one. */
async function history(
  versions: VersionEntity,
  key: AppKey,
  { cursor, limit }: Page,
): Promise<VersionItem[]> {
  const newest = cursor === undefined ? LAST_VERSION : Number(fromCursor('versions', cursor)) - 1
  const items = await list(
    versions.table,
    {
      partition: partitionOf(key),
      range: { between: [VERSIONS, `${VERSIONS}${numberPlace(newest)}`] },
    },
    { limit: limit + 1, reverse: true, consistent: true },
  )
  const formatter = versions.build(EntityFormatter<VersionEntity>)
  return items.map((item) => formatter.format(item))
}
