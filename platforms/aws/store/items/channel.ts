import { Entity, type FormattedItem } from 'dynamodb-toolbox/entity'
import { item } from 'dynamodb-toolbox/schema/item'
import { list } from 'dynamodb-toolbox/schema/list'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import type { Channel, ChannelTarget } from '../../../../control/notice-model.ts'
import type { NoticeKind } from '../../../../protocol/audit.ts'
import { json } from './json.ts'
import { word } from './word.ts'

export const channelEntity = (table: Table) =>
  new Entity({
    name: 'channel',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      env: string().key(),
      name: string().key(),
      id: string(),
      target: json<ChannelTarget>(),
      app: string().optional(),
      kinds: list(word<NoticeKind>()).optional(),
      muted: list(string()),
      createdAt: number(),
      createdBy: string(),
      /** Its health, each part by itself: several deliveries may note something at once. */
      deliveredAt: number().optional(),
      failedAt: number().optional(),
      failure: string().optional(),
      lost: number(),
    }),
    computeKey: ({ env, name }) => ({ env, name }),
  })

export type ChannelEntity = ReturnType<typeof channelEntity>

export function toChannel(item: FormattedItem<ChannelEntity>): Channel {
  const { deliveredAt, failedAt, failure, lost, ...channel } = item
  return {
    ...channel,
    health: {
      ...(deliveredAt !== undefined && { deliveredAt }),
      ...(failedAt !== undefined && { failedAt }),
      ...(failure !== undefined && { failure }),
      lost,
    },
  } as Channel
}
