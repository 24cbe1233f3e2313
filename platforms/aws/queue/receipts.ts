import type { Hint, QueueKey } from '../../../control/ports.ts'
import type { Message } from './wake.ts'

/** What it takes to settle a hint. */
export interface Receipt {
  handle: string
  /** The message is in one of these, as a rule in the first. */
  queues: QueueKey[]
}

export function receivedHint(message: Message, queue: QueueKey): Hint {
  return hintOf(message, [queue])
}

/**
 * A hint that a container says it was given where it waited. It may have invented it, and it may have waited at another
 * queue than it would now. So its message is looked for in the queues of the container's own function, and in no other:
 * whatever it invents, SQS finds no message of theirs by it.
 */
export function toldHint(message: Message, queues: QueueKey[]): Hint {
  const common = queues.some(isCommon) ? [] : queues.slice(0, 1).map(({ pin: _, ...queue }) => queue)
  return hintOf(message, [...queues, ...common])
}

export function receiptOf({ receipt }: Hint): Receipt {
  return JSON.parse(receipt) as Receipt
}

/** Whether it is the queue of the calls that are not pinned. */
export const isCommon = ({ pin }: QueueKey): boolean => pin === undefined

function hintOf({ Body, ReceiptHandle }: Message, queues: QueueKey[]): Hint {
  return { callId: Body, receipt: JSON.stringify({ handle: ReceiptHandle, queues } satisfies Receipt) }
}
