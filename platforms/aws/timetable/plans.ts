import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { Entity } from 'dynamodb-toolbox/entity'
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get'
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put'
import { any } from 'dynamodb-toolbox/schema/any'
import { boolean } from 'dynamodb-toolbox/schema/boolean'
import { item } from 'dynamodb-toolbox/schema/item'
import { list } from 'dynamodb-toolbox/schema/list'
import { map } from 'dynamodb-toolbox/schema/map'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Schedule } from '../../../protocol/manifest.ts'
import type { AppKey } from '../../../protocol/names.ts'
import type { ResourcesTable } from '../resources-table.ts'
import type { Plan } from './plan.ts'

const ITEM = 'timetable'
/** How long an app that has no schedules is remembered: a late word of a lower turn may still come. */
const EMPTY_SECONDS = 7 * 86_400

/** The plans of apps, each in an item of the table `resources`. */
export class Plans {
  readonly #entity: ReturnType<typeof entityIn>

  constructor(table: ResourcesTable) {
    this.#entity = entityIn(table)
  }

  async read(key: AppKey): Promise<Plan | undefined> {
    const { Item } = await this.#entity
      .build(GetItemCommand)
      .key(keyOf(key))
      .options({ consistent: true })
      .send()
    return (
      Item && { version: Item.version, revision: Item.revision, entries: Item.entries, leaving: Item.leaving }
    )
  }

  /**
   * Has the plan stand, if what stood before is still what it was made from.
   * @returns whether it stands
   */
  async write(key: AppKey, plan: Plan, at: number): Promise<boolean> {
    const before = plan.revision - 1
    const isEmpty = plan.entries.length === 0 && plan.leaving.length === 0
    try {
      await this.#entity
        .build(PutItemCommand)
        .item({
          ...keyOf(key),
          ...plan,
          ...(isEmpty && { expiresAt: Math.ceil(at / 1000) + EMPTY_SECONDS }),
        })
        .options({
          condition: before === 0 ? { attr: 'owner', exists: false } : { attr: 'revision', eq: before },
        })
        .send()
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }
}

function entityIn(table: ResourcesTable) {
  const entries = list(
    map({
      function: string(),
      // Validated where it was deployed; the library has no schema for one of two shapes that keeps its type.
      schedule: any().castAs<Schedule>(),
      anchor: number(),
      since: number(),
      made: boolean(),
    }),
  )
  return new Entity({
    name: 'timetable',
    table,
    schema: item({
      owner: string().key(),
      item: string().const(ITEM).key(),
      version: number(),
      revision: number(),
      entries,
      leaving: entries,
      expiresAt: number().optional(),
    }),
    entityAttribute: false,
    timestamps: false,
  })
}

const keyOf = ({ env, app }: AppKey) => ({ owner: `${env}/${app}`, item: ITEM }) as const
