import { EntityFormatter } from 'dynamodb-toolbox/entity/actions/format'
import type { Condition } from 'dynamodb-toolbox/entity/actions/parseCondition'
import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate'
import { $add } from 'dynamodb-toolbox/entity/actions/update/symbols'
import type { SecretPin, SecretRef } from '../../../../control/secret-model.ts'
import type { SecretStore } from '../../../../control/secret-store-port.ts'
import { chunks } from '../dynamodb/chunks.ts'
import { list } from '../dynamodb/query.ts'
import type { Write } from '../dynamodb/transaction.ts'
import { partitionOf } from '../items/places.ts'
import type { SecretEntity } from '../items/secret.ts'
import { VERSIONS, type VersionEntity } from '../items/version.ts'

/** Apps whose versions are read at the same time. */
const AT_ONCE = 16

/**
 * Has whoever deletes the secret at the same time look again. Lets what is written with it happen only while it has the
 * version.
 */
export function pin(secrets: SecretEntity, { env, name, version }: SecretRef, at: number): Write {
  const isKept: Condition<SecretEntity> = {
    or: [
      { attr: 'deletedThrough', exists: false },
      { attr: 'deletedThrough', lt: version },
    ],
  }
  return secrets
    .build(UpdateTransaction)
    .item({ env, name, revision: $add(1), pinnedAt: at })
    .options({ condition: { and: [{ attr: 'lastVersion', gte: version }, isKept] } })
}

/** Reads every version of the environment's apps, though none of their manifests: for what people rarely ask. */
export function secretPins(versions: VersionEntity): Pick<SecretStore, 'secretPins'> {
  const { table } = versions
  const formatter = versions.build(EntityFormatter<VersionEntity>)
  const pinsOf = async (env: string, app: string): Promise<SecretPin[]> => {
    const found = await list(
      table,
      { partition: partitionOf({ env, app }), range: { beginsWith: VERSIONS } },
      { reverse: true, consistent: true },
    )
    return found
      .map((item) => formatter.format(item))
      .flatMap(({ version, status, secretVersions = {} }) =>
        Object.entries(secretVersions).map(([secret, secretVersion]) => ({
          app,
          version,
          status,
          secret,
          secretVersion,
        })),
      )
  }

  return {
    secretPins: async (env) => {
      const apps = await list(table, { index: 'byEnvironment', partition: env })
      const pins: SecretPin[] = []
      for (const some of chunks(apps, AT_ONCE))
        pins.push(...(await Promise.all(some.map(({ name }) => pinsOf(env, String(name))))).flat())
      return pins
    },
  }
}
