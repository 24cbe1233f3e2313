import { fromCursor, toCursor } from '../../../control/cursor.ts'
import type { VersionDraft } from '../../../control/model.ts'
import {
  needsSecret,
  type Secret,
  type SecretKey,
  type SecretPin,
  type SecretVersion,
} from '../../../control/secret-model.ts'
import type { SecretStore } from '../../../control/secret-store-port.ts'
import type { VersionStatus } from '../../../protocol/api.ts'
import { insertEntry } from './audit.ts'
import type { Database, Row } from './database.ts'
import { paged } from './pages.ts'

const KEY = 'env = $env and name = $name'
/** A version with what its secret says of it. */
const VERSIONS = `select v.*, v.version <= ifnull(s.deleted_through, 0) is_deleted, v.version is s.version is_newest
  from secret_versions v join secrets s on s.env = v.env and s.name = v.name`

/** A secret's row stays when it is deleted, so that no number is given out twice. */
export function secretStore(db: Database): SecretStore {
  const readSecret = ({ env, name }: SecretKey): Row | undefined =>
    db.get(`select * from secrets where ${KEY}`, { env, name })

  const pinsIn = (env: string): SecretPin[] =>
    db
      .all(
        `select v.app, v.version, v.status, p.key secret, p.value secret_version
         from versions v, json_each(v.record, '$.secretVersions') p where v.env = $env order by v.app, v.version desc`,
        { env },
      )
      .map(toPin)

  return {
    secret: async (key) => {
      const row = readSecret(key)
      return row?.version ? toSecret(row) : undefined
    },

    secrets: async (env, page) =>
      paged(
        db
          .all(
            'select * from secrets where env = $env and name > $cursor and version is not null order by name limit $limit',
            {
              env,
              cursor: page.cursor === undefined ? '' : fromCursor('secrets', page.cursor),
              limit: page.limit + 1,
            },
          )
          .map(toSecret),
        page,
        ({ name }) => toCursor('secrets', name),
      ),

    secretVersion: async ({ env, name, version }) => {
      const row = db.get(`${VERSIONS} where v.env = $env and v.name = $name and v.version = $version`, {
        env,
        name,
        version,
      })
      return row && toVersion(row)
    },

    secretVersions: async ({ env, name }) =>
      db
        .all(`${VERSIONS} where v.env = $env and v.name = $name order by v.version desc`, { env, name })
        .map(toVersion),

    allSecretVersions: async (env) =>
      db.all(`${VERSIONS} where v.env = $env order by v.name, v.version desc`, { env }).map(toVersion),

    beginSecret: async ({ env, name }, at) =>
      db.transaction(() => {
        db.run(
          `insert into secrets (env, name, last_version) values ($env, $name, 1)
           on conflict do update set last_version = last_version + 1`,
          { env, name },
        )
        const version = Number(readSecret({ env, name })?.last_version)
        db.run(
          'insert into secret_versions (env, name, version, begun_at) values ($env, $name, $version, $at)',
          { env, name, version, at },
        )
        return version
      }),

    writeSecret: async ({ variables, ...secret }, { force, entry }) =>
      db.transaction(() => {
        const { env, name, version, writtenAt, writtenBy } = secret
        const found = readSecret(secret)
        if (!found || (found.version !== null && !force) || version <= Number(found.deleted_through ?? 0))
          return false
        const written = { env, name, version, variables: JSON.stringify(variables), writtenAt, writtenBy }
        const set = 'variables = $variables, written_at = $writtenAt, written_by = $writtenBy'
        db.run(`update secret_versions set ${set} where ${KEY} and version = $version`, written)
        db.run(
          `update secrets set version = $version, ${set} where ${KEY} and ifnull(version, 0) < $version`,
          written,
        )
        insertEntry(db, entry)
        return true
      }),

    deleteSecret: async ({ env, name }, { force, entry }) =>
      db.transaction(() => {
        if (!readSecret({ env, name })?.version) return 'none'
        if (!force && pinsIn(env).some((pin) => pin.secret === name && needsSecret(pin))) return 'needed'
        db.run(
          `update secrets set version = null, variables = null, written_at = null, written_by = null,
             deleted_through = last_version where ${KEY}`,
          { env, name },
        )
        insertEntry(db, entry)
        return 'deleted'
      }),

    forgetSecretVersion: async ({ env, name, version }) => {
      db.run(`delete from secret_versions where ${KEY} and version = $version`, { env, name, version })
    },

    secretPins: async (env) => pinsIn(env),
  }
}

/** A secret that was deleted since the draft took note of it. */
export function deletedAmong(db: Database, { env, secretVersions = {} }: VersionDraft): string | undefined {
  const isThere = (name: string, version: number) =>
    db.get(
      `select 1 from secrets where ${KEY} and last_version >= $version and ifnull(deleted_through, 0) < $version`,
      { env, name, version },
    )
  return Object.entries(secretVersions).find(([name, version]) => !isThere(name, version))?.[0]
}

function toSecret(row: Row): Secret {
  return { env: String(row.env), name: String(row.name), version: Number(row.version), ...writtenOf(row) }
}

function toVersion(row: Row): SecretVersion {
  return {
    env: String(row.env),
    name: String(row.name),
    version: Number(row.version),
    begunAt: Number(row.begun_at),
    isNewest: row.is_newest === 1,
    isDeleted: row.is_deleted === 1,
    ...(row.written_at !== null && { written: writtenOf(row) }),
  }
}

function writtenOf(row: Row): Pick<Secret, 'variables' | 'writtenAt' | 'writtenBy'> {
  return {
    variables: JSON.parse(String(row.variables)),
    writtenAt: Number(row.written_at),
    writtenBy: String(row.written_by),
  }
}

function toPin(row: Row): SecretPin {
  return {
    app: String(row.app),
    version: Number(row.version),
    status: String(row.status) as VersionStatus,
    secret: String(row.secret),
    secretVersion: Number(row.secret_version),
  }
}
