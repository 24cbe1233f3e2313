import { EntityFormatter } from 'dynamodb-toolbox/entity/actions/format'
import type { Condition } from 'dynamodb-toolbox/entity/actions/parseCondition'
import { DeleteTransaction } from 'dynamodb-toolbox/entity/actions/transactDelete'
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import { $add } from 'dynamodb-toolbox/entity/actions/update/symbols'
import type { NoticeStore } from '../../../../control/notice-store-port.ts'
import { entryPuts } from '../audit.ts'
import { list } from '../dynamodb/query.ts'
import { read } from '../dynamodb/read.ts'
import { writeAll } from '../dynamodb/transaction.ts'
import { update } from '../dynamodb/update.ts'
import { type ChannelEntity, toChannel } from '../items/channel.ts'
import type { EntryEntity } from '../items/entry.ts'

type Channels = Pick<NoticeStore, 'channels' | 'channel' | 'writeChannel' | 'deleteChannel' | 'noteHealth'>

export function channelStore(channels: ChannelEntity, entries: EntryEntity): Channels {
  const formatter = channels.build(EntityFormatter<ChannelEntity>)
  return {
    channels: async (env) => {
      const items = await list(channels.table, { partition: env }, { consistent: true })
      return items.map((item) => toChannel(formatter.format(item)))
    },

    channel: async (env, name) => {
      const item = await read(channels, { env, name })
      return item && toChannel(item)
    },

    writeChannel: async ({ health, ...channel }, entry) => {
      const isFree: Condition<ChannelEntity> = { attr: 'id', exists: false }
      const isOurs: Condition<ChannelEntity> = { attr: 'id', eq: channel.id }
      const put = channels
        .build(PutTransaction)
        .item({ ...channel, ...health })
        .options({ condition: { or: [isFree, isOurs] } })
      return (await writeAll(put, ...entryPuts(entries, entry))) === undefined
    },

    deleteChannel: async (env, name, entry) => {
      const gone = channels
        .build(DeleteTransaction)
        .key({ env, name })
        .options({ condition: { attr: 'id', exists: true } })
      return (await writeAll(gone, ...entryPuts(entries, entry))) === undefined
    },

    noteHealth: async ({ env, name, id }, { lost = 0, ...news }) => {
      await update(channels, { env, name, ...news, lost: $add(lost) }, { attr: 'id', eq: id })
    },
  }
}
