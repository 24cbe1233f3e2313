import type { DataStack } from '../data-stack.ts'
import { type Means, together } from './means.ts'
import { records } from './store.ts'

const ACTIONS = {
  ask: ['UpdateItem'],
  /** What comes by the queue is taken off the list, and put back where it is due again. */
  receive: ['DeleteItem', 'GetItem', 'UpdateItem'],
  /** Those whose message was lost are found by the list. */
  resend: ['Query', 'UpdateItem'],
}

/** The port `Worklist`, or what a handler uses of it. */
export function worklist(data: DataStack, use: keyof typeof ACTIONS): Means {
  const { queue } = data.work
  return together(records(data, ...ACTIONS[use]), {
    settings: { workQueueUrl: queue.queueUrl },
    rights: [{ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }],
  })
}
