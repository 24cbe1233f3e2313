import type { Channel, Delivery, Notice } from '../../../control/notice-model.ts'
import type { NoticeStore } from '../../../control/notice-store-port.ts'
import { insertEntry } from './audit.ts'
import type { Database, Row } from './database.ts'

const KEY = 'notice = $notice and channel = $channel'

export function noticeStore(db: Database): NoticeStore {
  const readChannel = (env: string, name: string): Channel | undefined => {
    const row = db.get('select record from channels where env = $env and name = $name', { env, name })
    return row && toChannel(row)
  }
  const write = (channel: Channel): void => {
    const { env, name, id } = channel
    db.run('insert or replace into channels (env, name, id, record) values ($env, $name, $id, $record)', {
      ...{ env, name, id },
      record: JSON.stringify(channel),
    })
  }

  return {
    channels: async (env) =>
      db.all('select record from channels where env = $env order by name', { env }).map(toChannel),

    channel: async (env, name) => readChannel(env, name),

    writeChannel: async (channel, entry) =>
      db.transaction(() => {
        const before = readChannel(channel.env, channel.name)
        if (before && before.id !== channel.id) return false
        write(channel)
        insertEntry(db, entry)
        return true
      }),

    deleteChannel: async (env, name, entry) =>
      db.transaction(() => {
        if (db.run('delete from channels where env = $env and name = $name', { env, name }) === 0)
          return false
        insertEntry(db, entry)
        return true
      }),

    noteHealth: async ({ env, name, id }, { lost = 0, ...news }) =>
      db.transaction(() => {
        const channel = readChannel(env, name)
        if (channel?.id !== id) return
        write({ ...channel, health: { ...channel.health, ...news, lost: channel.health.lost + lost } })
      }),

    putNotice: async (notice) => insertNotice(db, notice),

    notice: async (id) => {
      const row = db.get('select record from notices where id = $id', { id })
      return row && toNotice(row)
    },

    claimNotice: async (id, at, dueAgain) => {
      const row = db.get(
        'update notices set due_at = $dueAgain where id = $id and due_at <= $at returning record',
        { id, at, dueAgain },
      )
      return row && toNotice(row)
    },

    spreadNotice: async (id, deliveries) =>
      db.transaction(() => {
        const spread = db.run('update notices set due_at = null where id = $id and due_at is not null', {
          id,
        })
        if (spread > 0) for (const delivery of deliveries) insertDelivery(db, delivery)
      }),

    claimDelivery: async ({ notice, channel }, at, dueAgain) => {
      const row = db.get(
        `update deliveries set attempts = attempts + 1, due_at = $dueAgain where ${KEY} and due_at <= $at returning *`,
        { notice, channel, at, dueAgain },
      )
      return row && toDelivery(row)
    },

    settleDelivery: async ({ notice, channel }, dueAgain) => {
      db.run(`update deliveries set due_at = $dueAgain where ${KEY} and due_at is not null`, {
        ...{ notice, channel, dueAgain },
      })
    },

    dueErrands: async (before, limit) =>
      db
        .all(
          `select id as notice, null as channel, due_at from notices where due_at <= $before
           union all select notice, channel, due_at from deliveries where due_at <= $before
           order by due_at limit $limit`,
          { before, limit },
        )
        .map(({ notice, channel }) => ({
          notice: String(notice),
          ...(channel !== null && { channel: String(channel) }),
        })),
  }
}

/**
 * To be called within the transaction of what it tells of.
 * @returns false where it is there already
 */
export function insertNotice(db: Database, notice: Notice | undefined): boolean {
  if (!notice) return false
  const { id, at } = notice
  const record = JSON.stringify(notice)
  return (
    db.run('insert or ignore into notices (id, record, due_at) values ($id, $record, $at)', {
      ...{ id, record, at },
    }) > 0
  )
}

function insertDelivery(db: Database, delivery: Delivery): void {
  db.run(
    `insert into deliveries (notice, channel, env, channel_id, created_at, attempts, due_at)
     values ($notice, $channel, $env, $channelId, $createdAt, $attempts, $createdAt)`,
    { ...delivery },
  )
}

const toNotice = ({ record }: Row): Notice => JSON.parse(String(record)) as Notice

const toChannel = ({ record }: Row): Channel => JSON.parse(String(record)) as Channel

function toDelivery(row: Row): Delivery {
  return {
    notice: String(row.notice),
    channel: String(row.channel),
    env: String(row.env),
    channelId: String(row.channel_id),
    createdAt: Number(row.created_at),
    attempts: Number(row.attempts),
  }
}
