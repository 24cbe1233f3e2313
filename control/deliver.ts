import { channelSecret } from './channels.ts'
import { messageOf } from './message.ts'
import { keyOf } from './model.ts'
import type { Channel, Delivery, Errand, Notice } from './notice-model.ts'
import { ATTEMPT_MS, DELIVERY_TRIES_MS, ERROR_LOG_LINES, LOG_TRIES, REDELIVERY_DELAY_MS } from './policy.ts'
import type { Needs } from './ports.ts'

export type DeliverPorts = Needs<'clock' | 'keys' | 'logs' | 'notifier' | 'outbox' | 'store'>

/**
 * Sees to a notice, if that is due: finds out whom to tell, or tells one of them. It is due again before anything is done,
 * so whoever dies meanwhile has it done once more.
 */
export async function deliver(ports: DeliverPorts, { notice, channel }: Errand): Promise<void> {
  const at = ports.clock.now()
  if (channel === undefined) {
    const claimed = await ports.store.claimNotice(notice, at, at + ATTEMPT_MS)
    if (claimed) await spread(ports, claimed)
    return
  }
  const delivery = await ports.store.claimDelivery({ notice, channel }, at, at + ATTEMPT_MS)
  if (delivery) await send(ports, delivery)
}

async function spread(ports: Needs<'clock' | 'outbox' | 'store'>, notice: Notice): Promise<void> {
  const createdAt = ports.clock.now()
  const channels = await ports.store.channels(notice.env)
  const deliveries = channels
    .filter((channel) => wants(channel, notice))
    .map(({ id, name, env }) => ({
      notice: notice.id,
      channel: name,
      env,
      channelId: id,
      createdAt,
      attempts: 0,
    }))
  await ports.store.spreadNotice(notice.id, deliveries)
  for (const { channel } of deliveries) await ports.outbox.add({ notice: notice.id, channel }, createdAt)
}

function wants({ app, kinds, muted }: Channel, notice: Notice): boolean {
  if (app !== undefined && app !== notice.app) return false
  return !muted.includes(notice.app) && (kinds === undefined || kinds.includes(notice.kind))
}

async function send(ports: DeliverPorts, delivery: Delivery): Promise<void> {
  const notice = await ports.store.notice(delivery.notice)
  const channel = await ports.store.channel(delivery.env, delivery.channel)
  // Whoever deleted the channel wants to hear no more.
  if (!notice || channel?.id !== delivery.channelId) return ports.store.settleDelivery(delivery)

  // Whoever reads a log that is too long for them dies over it, again and again.
  const logs = delivery.attempts > LOG_TRIES ? notice.logs : await logsOf(ports, notice)
  const message = messageOf({ ...notice, logs })
  const outcome = await ports.notifier.deliver(channel.target, message, channelSecret(ports.keys, channel.id))
  if (outcome.kind === 'failed') return tryAgain(ports, delivery, channel, outcome.reason)
  await ports.store.settleDelivery(delivery)
  await ports.store.noteHealth(channel, { deliveredAt: ports.clock.now() })
}

async function tryAgain(
  ports: Needs<'clock' | 'outbox' | 'store'>,
  delivery: Delivery,
  channel: Channel,
  failure: string,
): Promise<void> {
  const failedAt = ports.clock.now()
  const again = failedAt + redeliveryDelayMs(delivery.attempts)
  const isOver = again > delivery.createdAt + DELIVERY_TRIES_MS
  await ports.store.settleDelivery(delivery, isOver ? undefined : again)
  await ports.store.noteHealth(channel, { failedAt, failure, lost: isOver ? 1 : 0 })
  const { notice, channel: name } = delivery
  if (!isOver) await ports.outbox.add({ notice, channel: name }, again)
}

/** Exponential backoff; `attempts` is how many have failed, the last one included. */
export function redeliveryDelayMs(attempts: number): number {
  return Math.min(REDELIVERY_DELAY_MS.most, REDELIVERY_DELAY_MS.first * 2 ** (attempts - 1))
}

/**
 * What a call wrote is looked up here, where nobody waits, and where it has had the time to arrive. Where it cannot be
 * read, people are told all the same.
 */
async function logsOf(ports: Needs<'logs'>, notice: Notice): Promise<string[]> {
  if (notice.logs.length > 0 || notice.call === undefined) return notice.logs
  const lines: string[] = []
  const { call, function: name, calledAt: since } = notice
  const query = { ...keyOf(notice), call, function: name, since, tail: ERROR_LOG_LINES, follow: false }
  try {
    for await (const { line } of ports.logs.read(query)) lines.push(line)
  } catch (error) {
    lines.push(`(Its log could not be read: ${error instanceof Error ? error.message : String(error)})`)
  }
  return lines
}
