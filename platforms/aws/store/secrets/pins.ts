import { EntityFormatter } from 'dynamodb-toolbox/entity/actions/format'
import type { SecretPin } from '../../../../control/secret-model.ts'
import type { SecretStore } from '../../../../control/secret-store-port.ts'
import { chunks } from '../dynamodb/chunks.ts'
import { list } from '../dynamodb/query.ts'
import { partitionOf } from '../items/places.ts'
import { VERSIONS, type VersionEntity } from '../items/version.ts'

/** Apps whose versions are read at the same time. */
const AT_ONCE = 16

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
