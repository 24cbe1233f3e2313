import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate'
import { $add, $remove } from 'dynamodb-toolbox/entity/actions/update/symbols'
import type { Delivery, Notice } from '../../../../control/notice-model.ts'
import type { NoticeStore } from '../../../../control/notice-store-port.ts'
import { list } from '../dynamodb/query.ts'
import { read } from '../dynamodb/read.ts'
import { type Write, writeAll } from '../dynamodb/transaction.ts'
import { update } from '../dynamodb/update.ts'
import { type DeliveryEntity, DUE, type NoticeEntity, toDelivery } from '../items/notice.ts'
import { expiryAfter } from '../items/places.ts'

export interface NoticeItems {
  notices: NoticeEntity
  deliveries: DeliveryEntity
}

type Deliveries = Omit<NoticeStore, 'channels' | 'channel' | 'writeChannel' | 'deleteChannel' | 'noteHealth'>

const IS_OVER = { list: $remove(), dueAt: $remove() }

export function deliveryStore(items: NoticeItems): Deliveries {
  const { notices, deliveries } = items
  return {
    putNotice: async (notice) => (await writeAll(...noticePuts(notices, notice))) === undefined,

    notice: async (id) => (await read(notices, { notice: id }))?.content,

    claimNotice: async (id, at, dueAgain) => {
      const claim = { notice: id, dueAt: dueAgain }
      const { done, item } = await update(notices, claim, { attr: 'dueAt', lte: at })
      return done ? item.content : undefined
    },

    spreadNotice: async (id, those) => {
      const spread = notices
        .build(UpdateTransaction)
        .item({ notice: id, ...IS_OVER })
        .options({ condition: { attr: 'dueAt', exists: true } })
      await writeAll(spread, ...those.map((delivery) => deliveryPut(deliveries, delivery)))
    },

    claimDelivery: async ({ notice, channel }, at, dueAgain) => {
      const claim = { notice, channel, attempts: $add(1), dueAt: dueAgain }
      const { done, item } = await update(deliveries, claim, { attr: 'dueAt', lte: at })
      return done ? toDelivery(item) : undefined
    },

    settleDelivery: async ({ notice, channel }, dueAgain) => {
      const due = dueAgain === undefined ? IS_OVER : { dueAt: dueAgain }
      await update(deliveries, { notice, channel, ...due }, { attr: 'dueAt', exists: true })
    },

    dueErrands: async (before, limit) => {
      const due = { index: 'due', partition: DUE, range: { lte: before } }
      const found = await list(deliveries.table, due, { limit })
      return found.map(({ place, id }) => ({
        notice: after(place),
        channel: id === 'notice' ? undefined : after(id),
      }))
    },
  }
}

/** For the transaction of what it tells of, if it does; refused where the notice is there already. */
export function noticePuts(notices: NoticeEntity, notice: Notice | undefined): Write[] {
  if (!notice) return []
  const { id, at } = notice
  return [
    notices
      .build(PutTransaction)
      .item({ notice: id, content: notice, list: DUE, dueAt: at, expiresAt: expiryAfter(at) })
      .options({ condition: { attr: 'content', exists: false } }),
  ]
}

function deliveryPut(deliveries: DeliveryEntity, { env, ...delivery }: Delivery): Write {
  const { createdAt } = delivery
  return deliveries.build(PutTransaction).item({
    ...delivery,
    environment: env,
    list: DUE,
    dueAt: createdAt,
    expiresAt: expiryAfter(createdAt),
  })
}

/** What comes after the first slash. */
const after = (key: unknown): string => String(key).replace(/^[^/]*\//, '')
