import { Entity, type FormattedItem } from 'dynamodb-toolbox/entity'
import { any } from 'dynamodb-toolbox/schema/any'
import { binary } from 'dynamodb-toolbox/schema/binary'
import { boolean } from 'dynamodb-toolbox/schema/boolean'
import { item } from 'dynamodb-toolbox/schema/item'
import { list } from 'dynamodb-toolbox/schema/list'
import { number } from 'dynamodb-toolbox/schema/number'
import { set } from 'dynamodb-toolbox/schema/set'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import type {
  Commit,
  Origin,
  RolloutStep,
  Strategy,
  VersionError,
  VersionStatus,
} from '../../../../protocol/api.ts'
import { json } from './json.ts'
import { numberPlace, partitionOf } from './places.ts'
import { word } from './word.ts'

/** Begins the sort keys of an app's versions. */
export const VERSIONS = 'v#'

/** All of a version but its manifest, which never changes and may be large: writing costs by what an item weighs. */
export const versionEntity = (table: Table) =>
  new Entity({
    name: 'version',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      env: string().key(),
      app: string().key(),
      version: number().key(),
      status: word<VersionStatus>(),
      origin: word<Origin>(),
      strategy: word<Strategy>(),
      fromVersion: number().optional(),
      staged: boolean().optional(),
      automatic: boolean().optional(),
      replaced: number().optional(),
      tag: string().optional(),
      reason: string().optional(),
      commit: json<Commit>().optional(),
      client: string(),
      deployedBy: string(),
      deployedAt: number(),
      liveAt: number().optional(),
      manifestHash: string(),
      secretVersions: json<Record<string, number>>().optional(),
      error: json<VersionError>().optional(),
      steps: list(any().castAs<RolloutStep>()),
      /** Which steps are there, so that none is noted twice. */
      noted: set(string()).optional().hidden(),
    }),
    computeKey: ({ version, ...key }) => ({
      key: partitionOf(key),
      item: `${VERSIONS}${numberPlace(version)}`,
    }),
  })

export type VersionEntity = ReturnType<typeof versionEntity>
export type VersionItem = FormattedItem<VersionEntity>

export const manifestEntity = (table: Table) =>
  new Entity({
    name: 'manifest',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      env: string().key(),
      app: string().key(),
      version: number().key(),
      /** gzipped JSON */
      content: binary(),
    }),
    computeKey: ({ version, ...key }) => ({
      key: partitionOf(key),
      item: `manifest#${numberPlace(version)}`,
    }),
  })

export type ManifestEntity = ReturnType<typeof manifestEntity>
