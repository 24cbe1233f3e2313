import type { NoticeKind } from '../protocol/audit.ts'
import { SluiceError } from '../protocol/errors.ts'
import { nearest } from '../protocol/nearest.ts'
import { auditEntry } from './audit.ts'
import { testMessage } from './message.ts'
import type { AuditEntry } from './model.ts'
import type { Channel, ChannelTarget } from './notice-model.ts'
import { MOST_CHANNELS } from './policy.ts'
import type { Delivered, Keys, Needs } from './ports.ts'

export interface ChannelWish {
  env: string
  name: string
  target: ChannelTarget
  app?: string | undefined
  kinds?: NoticeKind[] | undefined
  muted: string[]
  by: string
}

/** What a channel's requests are signed with. Derived, not stored: there is nothing at rest to be stolen. */
export function channelSecret(keys: Pick<Keys, 'mac'>, id: string): string {
  return `whsec_${keys.mac(`channel:${id}`)}`
}

/**
 * Makes a channel, or changes the one of that name, whose secret stays.
 * @returns the channel, and the secret of a webhook that is new
 * @throws SluiceError `invalid_request` where nothing can be sent there
 */
export async function writeChannel(
  ports: Needs<'clock' | 'ids' | 'keys' | 'notifier' | 'store'>,
  wish: ChannelWish,
): Promise<{ channel: Channel; secret?: string }> {
  await refuseUnfit(ports, wish.target)
  for (;;) {
    const before = await ports.store.channel(wish.env, wish.name)
    if (!before) await refuseMore(ports, wish.env)
    const channel = channelOf(ports, wish, before)
    if (!(await ports.store.writeChannel(channel, entryOf(ports, wish, 'channel.written')))) continue
    const isNew = !before && 'webhook' in channel.target
    return { channel, ...(isNew && { secret: channelSecret(ports.keys, channel.id) }) }
  }
}

/** @throws SluiceError `channel_not_found`. */
export async function deleteChannel(
  ports: Needs<'clock' | 'ids' | 'store'>,
  wish: { env: string; name: string; by: string },
): Promise<void> {
  const entry = entryOf(ports, wish, 'channel.deleted')
  if (!(await ports.store.deleteChannel(wish.env, wish.name, entry)))
    await findChannel(ports, wish.env, wish.name)
}

/** Sends something at once, and says whether it arrived. */
export async function testChannel(
  ports: Needs<'clock' | 'ids' | 'keys' | 'notifier' | 'store'>,
  env: string,
  name: string,
): Promise<Delivered> {
  const channel = await findChannel(ports, env, name)
  const message = testMessage(channel, ports.ids.next('no'))
  const outcome = await ports.notifier.deliver(channel.target, message, channelSecret(ports.keys, channel.id))
  const at = ports.clock.now()
  await ports.store.noteHealth(
    channel,
    outcome.kind === 'delivered' ? { deliveredAt: at } : { failedAt: at, failure: outcome.reason },
  )
  return outcome
}

/** @throws SluiceError `channel_not_found`, with the nearest name there is. */
export async function findChannel(ports: Needs<'store'>, env: string, name: string): Promise<Channel> {
  const channel = await ports.store.channel(env, name)
  if (channel) return channel
  const names = (await ports.store.channels(env)).map((other) => other.name)
  const near = nearest(name, names)
  const hint = near ? `Did you mean "${near}"?` : 'See `sluice channel list` for those there are.'
  throw new SluiceError('channel_not_found', `There is no channel "${name}" in environment "${env}". ${hint}`)
}

function channelOf(
  ports: Needs<'clock' | 'ids'>,
  { by, app, kinds, ...wish }: ChannelWish,
  before: Channel | undefined,
): Channel {
  return {
    ...wish,
    ...(app !== undefined && { app }),
    ...(kinds !== undefined && { kinds }),
    id: before?.id ?? ports.ids.next('ch'),
    createdAt: before?.createdAt ?? ports.clock.now(),
    createdBy: before?.createdBy ?? by,
    health: before?.health ?? { lost: 0 },
  }
}

async function refuseUnfit(ports: Needs<'notifier'>, target: ChannelTarget): Promise<void> {
  const refusal = await ports.notifier.refusal(target)
  if (refusal === undefined) return
  const [field = 'target'] = Object.keys(target)
  const fault = { path: field, message: refusal }
  throw new SluiceError('invalid_request', `${fault.path} ${refusal}.`, [fault])
}

async function refuseMore(ports: Needs<'store'>, env: string): Promise<void> {
  if ((await ports.store.channels(env)).length < MOST_CHANNELS) return
  throw new SluiceError(
    'invalid_request',
    `Environment "${env}" has ${MOST_CHANNELS} channels, which is as many as it can have. Delete one first.`,
  )
}

function entryOf(
  ports: Needs<'clock' | 'ids'>,
  { env, name, by, app }: { env: string; name: string; by: string; app?: string | undefined },
  action: 'channel.written' | 'channel.deleted',
): AuditEntry {
  return auditEntry(ports, { env, ...(app !== undefined && { app }), action, by, subject: name })
}
