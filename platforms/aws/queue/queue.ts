import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  SQSServiceException,
} from '@aws-sdk/client-sqs'
import type { CallQueue, Clock, Hint, QueueKey } from '../../../control/ports.ts'
import type { AppKey } from '../../../protocol/names.ts'
import { CLIENT_SETTINGS } from '../client-settings.ts'
import { systemClock } from '../clock.ts'
import { resourcesTable } from '../resources-table.ts'
import type { Settings } from '../settings.ts'
import { Queues } from './queues.ts'
import { isCommon, receiptOf, receivedHint, toldHint } from './receipts.ts'
import { Removals } from './removals.ts'
import { waitAddress } from './wait-address.ts'
import { messagesIn } from './wake.ts'

/** What SQS allows: messages in one answer, a message's delay, and a wait for one. */
const MOST_MESSAGES = 10
const LONGEST_DELAY_SECONDS = 900
const LONGEST_WAIT_SECONDS = 20
/** Of a container that cannot wait everywhere where there may soon be something for it. */
const SHORT_WAIT_SECONDS = 2
/** The message has been received again since, or deleted, or is another queue's, or the container has invented it. */
const OTHERS_MESSAGE = new Set([
  'ReceiptHandleIsInvalid',
  'InvalidParameterValue',
  'InvalidParameterValueException',
  'MessageNotInflight',
  'QueueDoesNotExist',
])

type Receive = Parameters<CallQueue['receive']>[0]

interface Found {
  key: QueueKey
  url: string
}

export function makeQueue(settings: Settings): CallQueue {
  const sqs = new SQSClient(CLIENT_SETTINGS)
  const removals = new Removals(resourcesTable(settings))
  const queues = new Queues({ sqs, removals, clock: systemClock, prefix: settings.queuePrefix })
  return new SqsQueue({ sqs, queues, clock: systemClock })
}

/** Hints in SQS: a message is a call's id. Containers wait at SQS itself, at a signed address, and no Lambda is held. */
export class SqsQueue implements CallQueue {
  readonly #sqs: SQSClient
  readonly #queues: Queues
  readonly #clock: Clock
  #receives = 0

  constructor({ sqs, queues, clock }: { sqs: SQSClient; queues: Queues; clock: Clock }) {
    this.#sqs = sqs
    this.#queues = queues
    this.#clock = clock
  }

  /** Never `taken`: who waits at SQS is not known here. */
  async send(key: QueueKey, callId: string, availableAt: number): Promise<'waiting'> {
    const seconds = Math.ceil((availableAt - this.#clock.now()) / 1000)
    const DelaySeconds = Math.min(Math.max(0, seconds), LONGEST_DELAY_SECONDS)
    await this.#queues.use(key, (QueueUrl) =>
      this.#sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: callId, DelaySeconds })),
    )
    return 'waiting'
  }

  async receive({ queues, max, wake }: Receive): Promise<{ hints: Hint[]; waitAt?: string }> {
    if (queues.length === 0 || max <= 0) return { hints: [] }
    const told = wake === undefined ? undefined : messagesIn(wake)
    if (told && told.length > 0) {
      return { hints: told.slice(0, max).map((message) => toldHint(message, queues)) }
    }
    const found = await this.#find(queues)
    // Where the container has waited in vain there is no need to look.
    const hints = await this.#takeFrom(told ? found.filter((queue) => queue !== waitedAt(found)) : found, max)
    return hints.length > 0 ? { hints } : { hints, waitAt: await this.#waitAt(queues, found, max) }
  }

  async settle(hint: Hint, outcome: 'drop' | 'return'): Promise<void> {
    const { handle, queues } = receiptOf(hint)
    for (const key of queues) {
      const url = await this.#queues.find(key)
      if (url && (await this.#settle({ QueueUrl: url, ReceiptHandle: handle }, outcome))) return
    }
  }

  async remove(key: AppKey): Promise<void> {
    await this.#queues.remove(key)
  }

  async #find(queues: QueueKey[]): Promise<Found[]> {
    const found: Found[] = []
    for (const key of queues) {
      const url = await this.#queues.find(key)
      if (url) found.push({ key, url })
    }
    return found
  }

  async #takeFrom(queues: Found[], max: number): Promise<Hint[]> {
    this.#receives += 1
    // In turns, or the one that never runs dry would hide the other.
    const inTurn = this.#receives % 2 === 0 ? queues.toReversed() : queues
    const hints: Hint[] = []
    for (const queue of inTurn) {
      if (hints.length < max) hints.push(...(await this.#take(queue, max - hints.length)))
    }
    return hints
  }

  async #take({ key, url }: Found, max: number): Promise<Hint[]> {
    try {
      const { Messages = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: Math.min(max, MOST_MESSAGES) }),
      )
      return Messages.map(({ Body = '', ReceiptHandle = '' }) => receivedHint({ Body, ReceiptHandle }, key))
    } catch (error) {
      if (!(error instanceof QueueDoesNotExist)) throw error
      await this.#queues.forget(key)
      return []
    }
  }

  /**
   * One can wait at one queue only. So a container waits shortly where another queue may have something too, and where
   * its version may become the live one: without a queue of its own, at one that stays empty.
   */
  async #waitAt(queues: QueueKey[], found: Found[], max: number): Promise<string> {
    const [{ env, app }] = queues as [QueueKey]
    const place = queues.find(isCommon) ?? waitedAt(found)?.key ?? { env, app, idle: true as const }
    const isOnlyOne = queues.some(isCommon) && found.every(({ key }) => isCommon(key))
    return waitAddress(this.#sqs, {
      queueUrl: await this.#queues.findOrMake(place),
      seconds: isOnlyOne ? LONGEST_WAIT_SECONDS : SHORT_WAIT_SECONDS,
      max: Math.min(max, MOST_MESSAGES),
    })
  }

  /** @returns whether it was this queue's message. */
  async #settle(
    message: { QueueUrl: string; ReceiptHandle: string },
    outcome: 'drop' | 'return',
  ): Promise<boolean> {
    try {
      if (outcome === 'drop') await this.#sqs.send(new DeleteMessageCommand(message))
      else await this.#sqs.send(new ChangeMessageVisibilityCommand({ ...message, VisibilityTimeout: 0 }))
      return true
    } catch (error) {
      if (error instanceof SQSServiceException && OTHERS_MESSAGE.has(error.name)) return false
      throw error
    }
  }
}

/** Of the queues that there are, the one that a container waits at. */
const waitedAt = (found: Found[]): Found | undefined => found.find(({ key }) => isCommon(key)) ?? found[0]
