import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import * as z from 'zod'
import type { Errand } from '../../control/notice-model.ts'
import type { Clock, Outbox } from '../../control/ports.ts'
import { CLIENT_SETTINGS } from './client-settings.ts'
import { systemClock } from './clock.ts'
import type { Settings } from './settings.ts'

/** What SQS allows. */
const LONGEST_DELAY_SECONDS = 900

const Body = z.strictObject({ notice: z.string(), channel: z.string().optional() })
const Record = z.object({ messageId: z.string(), body: z.string() })

/** A message as Lambda hands it over. @throws ZodError or SyntaxError where it is no such message */
export function readErrand(record: unknown): { id: string; errand: Errand } {
  const { messageId: id, body } = Record.parse(record)
  return { id, errand: Body.parse(JSON.parse(body)) }
}

export function makeOutbox(settings: Settings): Outbox {
  return new SqsOutbox({
    sqs: new SQSClient(CLIENT_SETTINGS),
    queueUrl: () => settings.noticeQueueUrl,
    clock: systemClock,
  })
}

interface Parts {
  sqs: SQSClient
  queueUrl: () => string
  clock: Clock
}

/** Has SQS bring each errand at its time. What it loses, the sweep finds; what it doubles, the table knows. */
export class SqsOutbox implements Outbox {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async add(errand: Errand, at: number): Promise<void> {
    const { sqs, queueUrl, clock } = this.#parts
    const seconds = Math.ceil((at - clock.now()) / 1000)
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl(),
        MessageBody: JSON.stringify(errand),
        DelaySeconds: Math.min(Math.max(0, seconds), LONGEST_DELAY_SECONDS),
      }),
    )
  }
}
