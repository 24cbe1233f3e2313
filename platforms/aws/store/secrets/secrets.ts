import { DeleteItemCommand } from 'dynamodb-toolbox/entity/actions/delete'
import { EntityFormatter } from 'dynamodb-toolbox/entity/actions/format'
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate'
import { fromCursor, toCursor } from '../../../../control/cursor.ts'
import {
  needsSecret,
  type Secret,
  type SecretKey,
  type SecretVersion,
} from '../../../../control/secret-model.ts'
import type { SecretStore } from '../../../../control/secret-store-port.ts'
import { entryPut } from '../audit.ts'
import { paged } from '../dynamodb/pages.ts'
import { list } from '../dynamodb/query.ts'
import { read } from '../dynamodb/read.ts'
import type { EntryEntity } from '../items/entry.ts'
import {
  SECRET_VERSIONS,
  SECRETS,
  type SecretEntity,
  type SecretItem,
  type SecretVersionEntity,
  type SecretVersionItem,
} from '../items/secret.ts'
import { changeSecret } from './change.ts'

/** So old, an app is sure to be in the index that lists those of an environment, which follows its table. */
const LISTED_MS = 60_000
/** After every name. */
const END = '~'

export interface SecretItems {
  secrets: SecretEntity
  secretVersions: SecretVersionEntity
  entries: EntryEntity
}

export function secretWrites(
  { secrets, secretVersions, entries }: SecretItems,
  { secretPins }: Pick<SecretStore, 'secretPins'>,
): Pick<SecretStore, 'beginSecret' | 'writeSecret' | 'deleteSecret' | 'forgetSecretVersion'> {
  const isNeeded = async ({ env, name }: SecretKey): Promise<boolean> =>
    (await secretPins(env)).some((pin) => pin.secret === name && needsSecret(pin))

  return {
    beginSecret: (key, at) =>
      changeSecret(secrets, key, (before) => {
        const version = (before?.lastVersion ?? 0) + 1
        const begun = { env: key.env, name: key.name, version, begunAt: at }
        return {
          outcome: version,
          next: { ...before, lastVersion: version },
          writes: [secretVersions.build(PutTransaction).item(begun)],
        }
      }),

    writeSecret: ({ env, name, version, ...written }, { force, entry }) =>
      changeSecret(secrets, { env, name }, (before) => {
        const isRefused = before?.version !== undefined && !force
        if (!before || isRefused || version <= (before.deletedThrough ?? 0)) return { outcome: false }
        const isNewest = version > (before.version ?? 0)
        return {
          outcome: true,
          next: isNewest ? { ...before, version, written } : before,
          writes: [
            secretVersions.build(UpdateTransaction).item({ env, name, version, written }),
            entryPut(entries, entry),
          ],
        }
      }),

    deleteSecret: (key, { force, entry }) =>
      changeSecret(secrets, key, async (before) => {
        if (before?.version === undefined) return { outcome: 'none' }
        const { lastVersion, pinnedAt = Number.NEGATIVE_INFINITY } = before
        const mayBeUnseen = entry.at < pinnedAt + LISTED_MS
        if (!force && (mayBeUnseen || (await isNeeded(key)))) return { outcome: 'needed' }
        return {
          outcome: 'deleted',
          next: { lastVersion, deletedThrough: lastVersion },
          writes: [entryPut(entries, entry)],
        }
      }),

    forgetSecretVersion: async ({ env, name, version }) => {
      await secretVersions.build(DeleteItemCommand).key({ env, name, version }).send()
    },
  }
}

export function secretReads({
  secrets,
  secretVersions,
}: SecretItems): Pick<
  SecretStore,
  'secret' | 'secrets' | 'secretVersion' | 'secretVersions' | 'allSecretVersions'
> {
  const { table } = secrets
  const formatSecret = secrets.build(EntityFormatter<SecretEntity>)
  const formatVersion = secretVersions.build(EntityFormatter<SecretVersionEntity>)
  const versionsFrom = async (env: string, prefix: string): Promise<SecretVersionItem[]> => {
    const found = await list(
      table,
      { partition: env, range: { beginsWith: `${SECRET_VERSIONS}${prefix}` } },
      { consistent: true, reverse: true },
    )
    return found.map((item) => formatVersion.format(item))
  }
  const secretsFrom = async (env: string, after: string): Promise<SecretItem[]> => {
    const range = { between: [`${SECRETS}${after}`, `${SECRETS}${END}`] as [string, string] }
    const found = await list(table, { partition: env, range }, { consistent: true })
    return found.map((item) => formatSecret.format(item)).filter(({ name }) => name !== after)
  }

  return {
    secret: async ({ env, name }) => {
      const item = await read(secrets, { env, name })
      return item && toSecret(item)
    },

    secrets: async (env, page) => {
      const after = page.cursor === undefined ? '' : fromCursor('secrets', page.cursor)
      const found = (await secretsFrom(env, after)).flatMap((item) => toSecret(item) ?? [])
      return paged(found, page, ({ name }) => toCursor('secrets', name))
    },

    secretVersion: async ({ env, name, version }) => {
      const [secret, item] = await Promise.all([
        read(secrets, { env, name }),
        read(secretVersions, { env, name, version }),
      ])
      return item && toVersion(item, secret)
    },

    secretVersions: async ({ env, name }) => {
      const [secret, items] = await Promise.all([read(secrets, { env, name }), versionsFrom(env, `${name}#`)])
      return items.map((item) => toVersion(item, secret))
    },

    allSecretVersions: async (env) => {
      const items = await versionsFrom(env, '')
      const heads = new Map((await secretsFrom(env, '')).map((secret) => [secret.name, secret]))
      const sorted = items.sort((a, b) =>
        a.name === b.name ? b.version - a.version : a.name < b.name ? -1 : 1,
      )
      return sorted.map((item) => toVersion(item, heads.get(item.name)))
    },
  }
}

function toSecret({ env, name, version, written }: SecretItem): Secret | undefined {
  return version === undefined || written === undefined ? undefined : { env, name, version, ...written }
}

function toVersion(item: SecretVersionItem, secret: SecretItem | undefined): SecretVersion {
  return {
    ...item,
    isNewest: item.version === secret?.version,
    isDeleted: item.version <= (secret?.deletedThrough ?? 0),
  }
}
