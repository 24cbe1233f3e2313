import { promises as dns, lookup as lookupAddresses } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import type { Message } from '../../control/message.ts'
import type { ChannelTarget } from '../../control/notice-model.ts'
import type { Clock, Delivered, Notifier } from '../../control/ports.ts'
import { answered, faultOfUrl } from '../../control/webhooks.ts'
import { postWebhook, signatureOf, WEBHOOK_HEADERS } from '../../protocol/webhook.ts'
import { CLIENT_SETTINGS } from './client-settings.ts'
import { systemClock } from './clock.ts'
import { isPrivate } from './private-addresses.ts'

/** What SNS takes of a subject ("Publish", Amazon SNS API Reference): it must be ASCII, too. */
const MOST_SUBJECT = 100
const NOT_OUTSIDE = 'is at a private address, where nothing is sent from AWS'

export function makeNotifier(): Notifier {
  return new AwsNotifier({ sns: new SNSClient(CLIENT_SETTINGS), clock: systemClock, addressesOf })
}

interface Parts {
  sns: SNSClient
  clock: Clock
  addressesOf: (host: string) => Promise<string[]>
}

/** Webhooks on the internet, and SNS topics. */
export class AwsNotifier implements Notifier {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async refusal(target: ChannelTarget): Promise<string | undefined> {
    if ('topic' in target) return undefined
    const fault = faultOfUrl(target.webhook, () => false)
    if (fault) return fault
    const host = hostOf(target.webhook)
    const addresses = await this.#parts.addressesOf(host).catch(() => [])
    if (addresses.length === 0) return `names a host that is not known: ${host}`
    return addresses.some(isPrivate) ? NOT_OUTSIDE : undefined
  }

  async deliver(target: ChannelTarget, message: Message, secret: string): Promise<Delivered> {
    try {
      if ('topic' in target) return await this.#publish(target.topic, message)
      return await this.#post(target.webhook, message, secret)
    } catch (error) {
      return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) }
    }
  }

  async #post(url: string, message: Message, secret: string): Promise<Delivered> {
    // An address that is written out is not looked up.
    const host = hostOf(url)
    if (isIP(host) !== 0 && isPrivate(host)) return { kind: 'failed', reason: `the webhook ${NOT_OUTSIDE}` }
    const body = JSON.stringify(message.slack)
    const headers = {
      [WEBHOOK_HEADERS.notice]: message.id,
      [WEBHOOK_HEADERS.kind]: message.kind,
      [WEBHOOK_HEADERS.signature]: signatureOf(secret, body, this.#parts.clock.now()),
    }
    return answered(await postWebhook({ url, headers, body, lookup: lookupOutside }))
  }

  async #publish(topic: string, message: Message): Promise<Delivered> {
    const attribute = (value: string) => ({ DataType: 'String', StringValue: value })
    await this.#parts.sns.send(
      new PublishCommand({
        TopicArn: topic,
        Subject: message.subject.replace(/[^ -~]/g, '?').slice(0, MOST_SUBJECT),
        Message: JSON.stringify(message.data),
        MessageAttributes: { notice: attribute(message.id), kind: attribute(message.kind) },
      }),
    )
    return { kind: 'delivered' }
  }
}

/** The check when a channel is made is for its author; this one holds, whatever a name means by then. */
const lookupOutside: LookupFunction = (host, options, done) => {
  lookupAddresses(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, '')
    if (addresses.some(({ address }) => isPrivate(address)))
      return done(new Error(`${host} ${NOT_OUTSIDE}`), '')
    const [first] = addresses
    if (options.all) done(null, addresses)
    else done(null, first?.address ?? '', first?.family)
  })
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host]
  return (await dns.lookup(host, { all: true })).map(({ address }) => address)
}

/** Without the brackets of IPv6. */
const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '')
