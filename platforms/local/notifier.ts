import type { Message } from '../../control/message.ts'
import type { ChannelTarget } from '../../control/notice-model.ts'
import type { Clock, Delivered, Notifier } from '../../control/ports.ts'
import { answered, faultOfUrl } from '../../control/webhooks.ts'
import { postWebhook, signatureOf, WEBHOOK_HEADERS } from '../../protocol/webhook.ts'

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/

/** Webhooks, those of this machine also without encryption. */
export class LocalNotifier implements Notifier {
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async refusal(target: ChannelTarget): Promise<string | undefined> {
    if ('topic' in target) return 'must be left out: there are SNS topics on AWS only'
    return faultOfUrl(target.webhook, (host) => LOOPBACK.test(host))
  }

  async deliver(target: ChannelTarget, message: Message, secret: string): Promise<Delivered> {
    if ('topic' in target) return { kind: 'failed', reason: 'there are SNS topics on AWS only' }
    const body = JSON.stringify(message.slack)
    const headers = {
      [WEBHOOK_HEADERS.notice]: message.id,
      [WEBHOOK_HEADERS.kind]: message.kind,
      [WEBHOOK_HEADERS.signature]: signatureOf(secret, body, this.#clock.now()),
    }
    try {
      return answered(await postWebhook({ url: target.webhook, headers, body }))
    } catch (error) {
      return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) }
    }
  }
}
