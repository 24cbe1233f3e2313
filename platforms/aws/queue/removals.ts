import { Entity } from 'dynamodb-toolbox/entity'
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get'
import { UpdateItemCommand } from 'dynamodb-toolbox/entity/actions/update'
import { $add } from 'dynamodb-toolbox/entity/actions/update/symbols'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { AppKey } from '../../../protocol/names.ts'
import type { ResourcesTable } from '../resources-table.ts'

const ITEM = 'queues'

/**
 * How many times an app's queues have been removed, which is part of their names: SQS gives a name out again only 60 s
 * after its queue was deleted (`QueueDeletedRecently`), and an app may be deployed again at once.
 */
export class Removals {
  readonly #entity: ReturnType<typeof entityIn>

  constructor(table: ResourcesTable) {
    this.#entity = entityIn(table)
  }

  async count(key: AppKey): Promise<number> {
    const get = this.#entity.build(GetItemCommand).key(keyOf(key)).options({ consistent: true })
    const { Item } = await get.send()
    return Item?.removals ?? 0
  }

  async add(key: AppKey): Promise<void> {
    await this.#entity
      .build(UpdateItemCommand)
      .item({ ...keyOf(key), removals: $add(1) })
      .send()
  }
}

function entityIn(table: ResourcesTable) {
  return new Entity({
    name: 'removals',
    table,
    schema: item({ owner: string().key(), item: string().const(ITEM).key(), removals: number() }),
    entityAttribute: false,
    timestamps: false,
  })
}

const keyOf = ({ env, app }: AppKey) => ({ owner: `${env}/${app}`, item: ITEM }) as const
