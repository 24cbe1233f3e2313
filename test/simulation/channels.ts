import assert from 'node:assert/strict'
import { channelSecret, deleteChannel, writeChannel } from '../../control/channels.ts'
import type { Channel, Notice } from '../../control/notice-model.ts'
import type { SqliteStore } from '../../platforms/local/store/store.ts'
import type { NoticeKind } from '../../protocol/audit.ts'
import type { FaultName } from './faults.ts'
import type { History } from './history.ts'
import { KEY } from './manifest.ts'
import type { Random } from './random.ts'
import type { Stage } from './stage.ts'
import type { World } from './world.ts'

/** It is told of everything, from the beginning to the end. */
export const TEAM: Channel = {
  id: 'ch-1',
  env: KEY.env,
  name: 'team',
  target: { webhook: hookOf('team') },
  muted: [],
  createdAt: 0,
  createdBy: 'ann',
  health: { lost: 0 },
}

const NAMES = ['ops', 'authors']
const KINDS: NoticeKind[] = [
  'rollout_failed',
  'rolled_back',
  'scheduled_call_failed',
  'firing_missed',
  'cannot_start',
]

/** Somebody makes a channel, has it told of something else, or does not want it any more. */
export async function changeChannel({ world }: Stage, random: Random): Promise<string> {
  const name = random.pick(NAMES) ?? 'ops'
  const before = await world.store.channel(KEY.env, name)
  const isToGo = before !== undefined && random.chance(0.5)
  if (isToGo) await deleteChannel(world.ports, { env: KEY.env, name, by: 'ann' })
  if (isToGo && random.chance(0.5)) return 'deleted'
  await writeChannel(world.ports, {
    env: KEY.env,
    name,
    target: { webhook: hookOf(name) },
    ...(random.chance(0.5) && { kinds: KINDS.filter(() => random.chance(0.5)) }),
    ...(random.chance(0.3) && { app: random.chance(0.5) ? KEY.app : 'other' }),
    muted: random.chance(0.2) ? [KEY.app] : [],
    by: 'ann',
  })
  return isToGo ? 'made anew' : before ? 'changed' : 'made'
}

function hookOf(name: string): string {
  return `https://hooks.test/${name}`
}

/** Where these come between the sending of a notice and the note that it was sent, it is sent once more. */
const INTERRUPTIONS: FaultName[] = ['crash', 'throttle', 'outage', 'answerLost', 'pause', 'freeze']

/** Has the database remember which channels there were at any time, and when whom to tell of a notice was found out. */
export function rememberChannels({ database }: SqliteStore): void {
  database.connection.exec(`
    create table channel_story (moment integer primary key, name text, record text);
    create table notice_story (notice text primary key, made integer, spread integer);
    create trigger remember_channel after insert on channels
      begin insert into channel_story (name, record) values (new.name, new.record); end;
    create trigger remember_no_channel after delete on channels
      begin insert into channel_story (name) values (old.name); end;
    create trigger remember_notice after insert on notices
      begin insert into notice_story (notice, made) values (new.id, (select max(moment) from channel_story)); end;
    create trigger remember_spread after update on notices when old.due_at is not null and new.due_at is null
      begin update notice_story set spread = (select max(moment) from channel_story) where notice = new.id; end;`)
}

/** A channel as it was from a moment until another. */
interface Era {
  channel: Channel
  from: number
  until: number
}

/** Every notice has reached the channels that wanted it, and no others, and has not been sent again to those that had it. */
export function checkChannels({ store, heard, ports }: World, { counts }: History): void {
  const mayComeAgain = INTERRUPTIONS.some((fault) => counts.fault.has(fault))
  const eras = erasOf(store)
  const ids = new Set(eras.map(({ channel }) => channel.id))
  const sql = `select s.notice, s.made, s.spread, n.record from notice_story s join notices n on n.id = s.notice
    where s.spread is not null`
  for (const row of store.database.all(sql)) {
    const notice = JSON.parse(String(row.record)) as Notice
    const meanwhile = eras.filter(({ from, until }) => from <= Number(row.spread) && until > Number(row.made))
    for (const id of ids) {
      const own = meanwhile.filter(({ channel }) => channel.id === id)
      const wanted = own.filter(({ channel }) => wants(channel, notice))
      const times = heard.filter(
        (one) => one.notice === notice.id && one.secret === channelSecret(ports.keys, id),
      ).length
      const lasts =
        own.some(({ from }) => from <= Number(row.made)) && own.every((era) => wanted.includes(era))
      const stays = own.some(({ until }) => until > Number(row.spread)) && eras.some(isLast(id))
      const told = { notice: notice.id, id, times, isWanted: wanted.length > 0, isOwed: lasts && stays }
      checkOne(store, told, mayComeAgain)
    }
  }
}

const isLast = (id: string) => (era: Era) => era.channel.id === id && era.until === Number.POSITIVE_INFINITY

interface Told {
  notice: string
  id: string
  times: number
  /** While it was found out whom to tell, the channel wanted it at some time, or all the time and has been there since. */
  isWanted: boolean
  isOwed: boolean
}

function checkOne({ database }: SqliteStore, told: Told, mayComeAgain: boolean): void {
  const { notice, id, times, isWanted, isOwed } = told
  const sql = 'select attempts, due_at from deliveries where notice = $notice and channel_id = $id'
  const delivery = database.get(sql, { notice, id })
  assert.ok(isWanted || times === 0, `notices: ${notice} was told to ${id}, which did not want it`)
  assert.ok(!isOwed || delivery, `notices: ${notice} was not meant for ${id}, which wanted it`)
  const isDone = delivery !== undefined && delivery.due_at === null
  assert.ok(!isOwed || !isDone || times > 0, `notices: ${notice} was lost on its way to ${id}`)
  const most = mayComeAgain ? Number(delivery?.attempts ?? 0) : 1
  assert.ok(times <= most, `notices: ${notice} was told to ${id} once too often`)
}

function erasOf({ database }: SqliteStore): Era[] {
  const rows = database.all('select moment, name, record from channel_story order by moment')
  return rows.flatMap(({ moment, name, record }, index) => {
    if (record === null) return []
    const next = rows.slice(index + 1).find((other) => other.name === name)
    const until = next ? Number(next.moment) : Number.POSITIVE_INFINITY
    return [{ channel: JSON.parse(String(record)) as Channel, from: Number(moment), until }]
  })
}

const wants = ({ app = KEY.app, kinds = KINDS, muted }: Channel, { kind }: Notice): boolean =>
  app === KEY.app && kinds.includes(kind) && !muted.includes(KEY.app)
