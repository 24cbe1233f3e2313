import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { Entity } from 'dynamodb-toolbox/entity'
import { DeleteItemCommand } from 'dynamodb-toolbox/entity/actions/delete'
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get'
import type { Condition } from 'dynamodb-toolbox/entity/actions/parseCondition'
import { UpdateItemCommand, type UpdateItemInput } from 'dynamodb-toolbox/entity/actions/update'
import { $remove } from 'dynamodb-toolbox/entity/actions/update/symbols'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query'
import type { AppKey } from '../../../protocol/names.ts'
import type { ResourcesTable } from '../resources-table.ts'

const ITEM = 'work'
const LIST = 'work'
/** A run that has not ended by then never will: its function has had a minute. */
const RUN_MS = 65_000
/** A message comes within seconds of its time. One that has not may be lost. */
const LATE_MS = 10_000
/** Wishes for a time come in bursts, as calls do: those of a second are one. */
const BURST_MS = 1_000

export interface DueApp {
  key: AppKey
  dueAt: number
}

export type Taken =
  | { kind: 'taken'; until: number }
  /** A run is on, which has to end first; `asked` where it was asked for since, and so is due again. */
  | { kind: 'busy'; until: number; dueAt: number; asked: boolean }
  | { kind: 'later'; dueAt: number }
  | { kind: 'nothing' }

type DueCondition = Condition<ReturnType<typeof entityIn>>

/** Of an app that runs: nothing was asked for since the run has begun. */
const UNASKED: DueCondition = { attr: 'dueAt', eq: { attr: 'runsUntil' } }

/**
 * When each app is due: an item of the table `resources` for as long as there is something to do. While it is done the
 * item has `runsUntil`, and is due then unless it is asked for again: should nobody live to say that it is done, the app
 * is still on the list.
 */
export class DueApps {
  readonly #table: ResourcesTable
  readonly #entity: ReturnType<typeof entityIn>

  constructor(table: ResourcesTable) {
    this.#table = table
    this.#entity = entityIn(table)
  }

  /** @returns whether that is news: otherwise somebody comes by then anyway. */
  async ask(key: AppKey, dueAt: number, now: number): Promise<boolean> {
    return this.#update(
      { ...itemOf(key), list: LIST, dueAt },
      {
        or: [
          { attr: 'dueAt', exists: false },
          { attr: 'dueAt', gt: dueAt },
          { attr: 'dueAt', lt: now - LATE_MS },
          UNASKED,
        ],
      },
    )
  }

  async take(key: AppKey, now: number): Promise<Taken> {
    const until = now + RUN_MS
    const isDue: DueCondition = {
      or: [
        {
          and: [
            { attr: 'dueAt', lte: now },
            { attr: 'runsUntil', exists: false },
          ],
        },
        { attr: 'runsUntil', lte: now },
      ],
    }
    if (await this.#update({ ...itemOf(key), dueAt: until, runsUntil: until }, isDue))
      return { kind: 'taken', until }
    return this.#look(key)
  }

  /**
   * Ends the run that has the app until then.
   * @param next when it is due again
   * @returns whether that is news: otherwise somebody comes by then anyway.
   */
  async finish(key: AppKey, until: number, next: number | undefined): Promise<boolean> {
    const isStillOurs: DueCondition = { attr: 'runsUntil', eq: until }
    const isDone =
      next === undefined
        ? await this.#delete(key, { and: [isStillOurs, UNASKED] })
        : await this.#update(
            { ...itemOf(key), dueAt: next, runsUntil: $remove() },
            {
              and: [isStillOurs, { or: [UNASKED, { attr: 'dueAt', gt: next }] }],
            },
          )
    if (!isDone) await this.#update({ ...itemOf(key), runsUntil: $remove() }, isStillOurs)
    return isDone && next !== undefined
  }

  async overdue(before: number): Promise<DueApp[]> {
    const query = this.#table
      .build(QueryCommand)
      .query({ index: 'due', partition: LIST, range: { lt: before } })
      .options({ maxPages: Number.POSITIVE_INFINITY })
    const { Items = [] } = await query.send()
    return Items.map(({ owner, dueAt }) => ({ key: keyOf(String(owner)), dueAt: Number(dueAt) }))
  }

  async #look(key: AppKey): Promise<Taken> {
    const get = this.#entity.build(GetItemCommand).key(itemOf(key)).options({ consistent: true })
    const { Item } = await get.send()
    if (!Item) return { kind: 'nothing' }
    const { dueAt, runsUntil } = Item
    if (runsUntil === undefined) return { kind: 'later', dueAt }
    return { kind: 'busy', until: runsUntil, dueAt, asked: dueAt !== runsUntil }
  }

  #update(change: Change, condition: DueCondition): Promise<boolean> {
    const update = this.#entity.build(UpdateItemCommand).item(change).options({ condition })
    return happens(update.send())
  }

  #delete(key: AppKey, condition: DueCondition): Promise<boolean> {
    return happens(this.#entity.build(DeleteItemCommand).key(itemOf(key)).options({ condition }).send())
  }
}

type Change = UpdateItemInput<ReturnType<typeof entityIn>>

async function happens(write: Promise<unknown>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}

function entityIn(table: ResourcesTable) {
  return new Entity({
    name: 'work',
    table,
    schema: item({
      owner: string().key(),
      item: string().const(ITEM).key(),
      /** Has the item in the index. */
      list: string().const(LIST),
      dueAt: number(),
      runsUntil: number().optional(),
    }),
    entityAttribute: false,
    timestamps: false,
  })
}

const itemOf = ({ env, app }: AppKey) => ({ owner: `${env}/${app}`, item: ITEM }) as const

/** When an app is due that is to be seen to at a time. */
export const soon = (at: number, now: number): number => Math.max(at, now + BURST_MS)

/** Neither part can hold a slash. */
function keyOf(owner: string): AppKey {
  const [env = '', app = ''] = owner.split('/')
  return { env, app }
}
