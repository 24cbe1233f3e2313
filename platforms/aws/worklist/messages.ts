import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import * as z from 'zod'
import { AppName, EnvName } from '../../../protocol/names.ts'
import type { DueApp } from './due-apps.ts'

/** What SQS allows: a message's delay, and messages in one request. */
const LONGEST_DELAY_SECONDS = 900
const BATCH = 10

const Body = z.strictObject({ env: EnvName, app: AppName, dueAt: z.number() })

/** A message as Lambda hands it over. */
const Record = z.object({
  messageId: z.string(),
  receiptHandle: z.string(),
  body: z.string(),
  attributes: z.object({ ApproximateReceiveCount: z.coerce.number() }),
})

export interface WorkMessage extends DueApp {
  id: string
  receiptHandle: string
  /** How many times it has come. */
  receives: number
}

/** @throws ZodError or SyntaxError where it is no such message. */
export function readMessage(record: unknown): WorkMessage {
  const { messageId: id, receiptHandle, body, attributes } = Record.parse(record)
  const { dueAt, ...key } = Body.parse(JSON.parse(body))
  return { id, receiptHandle, key, dueAt, receives: attributes.ApproximateReceiveCount }
}

/** The queue that brings each app at its time. */
export class WorkMessages {
  readonly #sqs: SQSClient
  readonly #queueUrl: string

  constructor(sqs: SQSClient, queueUrl: string) {
    this.#sqs = sqs
    this.#queueUrl = queueUrl
  }

  async send(app: DueApp, delayMs: number): Promise<void> {
    const DelaySeconds = Math.min(Math.max(0, Math.ceil(delayMs / 1000)), LONGEST_DELAY_SECONDS)
    const QueueUrl = this.#queueUrl
    await this.#sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: bodyOf(app), DelaySeconds }))
  }

  async sendAll(apps: DueApp[]): Promise<void> {
    for (let sent = 0; sent < apps.length; sent += BATCH) {
      const entries = apps
        .slice(sent, sent + BATCH)
        .map((app, index) => ({ Id: String(index), MessageBody: bodyOf(app) }))
      await this.#sqs.send(new SendMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries: entries }))
    }
  }

  /** Has a message that was received come again, so much later and not before. */
  async hide({ receiptHandle }: WorkMessage, ms: number): Promise<void> {
    const VisibilityTimeout = Math.ceil(ms / 1000)
    const message = { QueueUrl: this.#queueUrl, ReceiptHandle: receiptHandle }
    await this.#sqs.send(new ChangeMessageVisibilityCommand({ ...message, VisibilityTimeout }))
  }
}

const bodyOf = ({ key: { env, app }, dueAt }: DueApp): string => JSON.stringify({ env, app, dueAt })
