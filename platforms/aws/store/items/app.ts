import { Entity, type FormattedItem } from 'dynamodb-toolbox/entity'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { set } from 'dynamodb-toolbox/schema/set'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import type { App } from '../../../../control/model.ts'
import type { OverridesByFunction } from '../../../../control/overrides.ts'
import type { AppState } from '../../../../protocol/api.ts'
import { json } from './json.ts'
import { partitionOf } from './places.ts'
import { word } from './word.ts'

export const appEntity = (table: Table) =>
  new Entity({
    name: 'app',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      env: string().key(),
      app: string().key(),
      state: word<AppState>(),
      lastVersion: number(),
      liveVersion: number().optional(),
      settledVersion: number().optional(),
      leaseUntil: number().optional(),
      autoscaler: json<OverridesByFunction | undefined>().optional(),
      createdAt: number(),
      stoppedAt: number().optional(),
      stoppedBy: string().optional(),
      stopReason: string().optional(),
      stopDeadline: number().optional(),
      collectAt: number().optional(),
      collectedAt: number().optional(),
      /** Versions that are neither live nor given up. */
      rolling: set(number()).optional(),
      /** Versions that are staged, and how often that has changed. */
      staged: set(number()).optional(),
      stagings: number().optional(),
      /** Its labels, label → function: each is an item of its own, too. */
      labels: json<Record<string, string>>(),
      /** Goes up with each change, so that none is made on what has changed meanwhile. */
      revision: number(),
      /** A collected app is on no list. */
      listedIn: string().optional().hidden(),
      name: string().hidden(),
    }),
    computeKey: (key) => ({ key: partitionOf(key), item: 'app' }),
  })

export type AppEntity = ReturnType<typeof appEntity>
export type AppItem = FormattedItem<AppEntity>

export function toApp(item: AppItem): App {
  const { rolling, labels, revision, staged, ...app } = item
  return { ...app, ...(staged && { staged: stagedOf(item) }) } as App
}

export const rollingOf = ({ rolling }: Pick<AppItem, 'rolling'>): number[] => inOrder(rolling)

export const stagedOf = ({ staged }: Pick<AppItem, 'staged'>): number[] => inOrder(staged)

const inOrder = (versions: Iterable<number> = []): number[] => [...versions].sort((a, b) => a - b)

/** DynamoDB has no empty sets. */
export const versionSet = (versions: number[]): Set<number> | undefined =>
  versions.length > 0 ? new Set(versions) : undefined
