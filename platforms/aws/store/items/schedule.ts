import { Entity, type FormattedItem } from 'dynamodb-toolbox/entity'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import type { Firing, Phase, ScheduleRecord } from '../../../../control/schedule-model.ts'
import type { Schedule } from '../../../../protocol/manifest.ts'
import type { FiringOutcome } from '../../../../protocol/schedules.ts'
import { json } from './json.ts'
import { partitionOf, timePlace } from './places.ts'
import { word } from './word.ts'

/** Begins the sort keys of an app's schedules. */
export const SCHEDULES = 'schedule#'
/** The list of schedules by when they are expected to fire: only one that has a time is on it. */
export const EXPECTED = 'expected'

export const scheduleEntity = (table: Table) =>
  new Entity({
    name: 'schedule',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      env: string().key(),
      app: string().key(),
      function: string().key(),
      version: number().optional(),
      schedule: json<Schedule>().optional(),
      anchor: number().optional(),
      phases: json<Phase[]>().optional(),
      expectedAt: number().optional(),
      pausedAt: number().optional(),
      pausedBy: string().optional(),
      pauseReason: string().optional(),
      resumedAt: number().optional(),
      list: string().optional().hidden(),
    }),
    computeKey: ({ function: name, ...key }) => ({ key: partitionOf(key), item: `${SCHEDULES}${name}` }),
  })

export type ScheduleEntity = ReturnType<typeof scheduleEntity>

/** One that was paused before it was ever set is of no version. */
export const toScheduleRecord = (found: FormattedItem<ScheduleEntity>): ScheduleRecord =>
  ({ version: 0, phases: [], ...found }) as ScheduleRecord

/** Begins the sort keys of what became of a function's slots. */
export const firingsOf = (name: string): string => `firing#${name}#`
export const firingPlace = (slot: number, run = ''): string => `${timePlace(slot)}#${run}`

export const firingEntity = (table: Table) =>
  new Entity({
    name: 'firing',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      env: string().key(),
      app: string().key(),
      function: string().key(),
      /** Of the slot, and of the call where it was made by hand. */
      place: string().key(),
      slot: number(),
      at: number(),
      outcome: word<FiringOutcome>(),
      call: string().optional(),
      by: string().optional(),
      reason: string().optional(),
      forgetAt: number(),
      expiresAt: number().hidden(),
    }),
    computeKey: ({ function: name, place, ...key }) => ({
      key: partitionOf(key),
      item: `${firingsOf(name)}${place}`,
    }),
  })

export type FiringEntity = ReturnType<typeof firingEntity>

export const toFiring = ({ place, ...found }: FormattedItem<FiringEntity>): Firing => found as Firing
