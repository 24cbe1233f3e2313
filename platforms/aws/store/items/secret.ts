import { Entity, type FormattedItem } from 'dynamodb-toolbox/entity'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import type { Secret } from '../../../../control/secret-model.ts'
import { json } from './json.ts'
import { numberPlace } from './places.ts'

/** Begin the sort keys of an environment's secrets, and of their versions. */
export const SECRETS = 'secret#'
export const SECRET_VERSIONS = 'version#'

type Written = Pick<Secret, 'variables' | 'writtenAt' | 'writtenBy'>

/** It stays when the secret is deleted, so that no number is given out twice. */
export const secretEntity = (table: Table) =>
  new Entity({
    name: 'secret',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      env: string().key(),
      name: string().key(),
      lastVersion: number(),
      /** Absent where none was written yet, and once the secret was deleted; and so is what was written. */
      version: number().optional(),
      written: json<Written>().optional(),
      deletedThrough: number().optional(),
      /** When a version of an app began with it last. */
      pinnedAt: number().optional(),
      /** Goes up with each change, so that none is made on what has changed meanwhile. */
      revision: number(),
    }),
    computeKey: ({ env, name }) => ({ env, item: `${SECRETS}${name}` }),
  })

export type SecretEntity = ReturnType<typeof secretEntity>
export type SecretItem = FormattedItem<SecretEntity>

export const secretVersionEntity = (table: Table) =>
  new Entity({
    name: 'secretVersion',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      env: string().key(),
      name: string().key(),
      version: number().key(),
      begunAt: number(),
      written: json<Written>().optional(),
    }),
    computeKey: ({ env, name, version }) => ({
      env,
      item: `${SECRET_VERSIONS}${name}#${numberPlace(version)}`,
    }),
  })

export type SecretVersionEntity = ReturnType<typeof secretVersionEntity>
export type SecretVersionItem = FormattedItem<SecretVersionEntity>
