import { Entity, type FormattedItem } from 'dynamodb-toolbox/entity'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import type { Delivery, Notice } from '../../../../control/notice-model.ts'
import { json } from './json.ts'

/** The list of what is to be done about notices at some time. */
export const DUE = 'errands'

const placeOf = (notice: string): string => `notice/${notice}`

export const noticeEntity = (table: Table) =>
  new Entity({
    name: 'notice',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      notice: string().key(),
      content: json<Notice>(),
      list: string().optional().hidden(),
      dueAt: number().optional().hidden(),
      expiresAt: number().optional().hidden(),
    }),
    computeKey: ({ notice }) => ({ place: placeOf(notice), id: 'notice' }),
  })

/** Not named `env`, which would put it among the entries of the environment. */
export const deliveryEntity = (table: Table) =>
  new Entity({
    name: 'delivery',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      notice: string().key(),
      channel: string().key(),
      environment: string(),
      channelId: string(),
      createdAt: number(),
      attempts: number(),
      list: string().optional().hidden(),
      dueAt: number().optional(),
      expiresAt: number().optional().hidden(),
    }),
    computeKey: ({ notice, channel }) => ({ place: placeOf(notice), id: `channel/${channel}` }),
  })

export type NoticeEntity = ReturnType<typeof noticeEntity>
export type DeliveryEntity = ReturnType<typeof deliveryEntity>

export function toDelivery(item: FormattedItem<DeliveryEntity>): Delivery {
  const { notice, channel, environment: env, channelId, createdAt, attempts } = item
  return { notice, channel, env, channelId, createdAt, attempts }
}
