import { Stack } from 'aws-cdk-lib'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { DataStack } from '../data-stack.ts'
import { type Means, together } from './means.ts'
import { store } from './store.ts'

/** Begins the names of topics that notices may go to. */
const TOPIC_PREFIX = 'sluice-'

/** The port `Outbox`. */
export function outbox({ notices: { queue } }: DataStack): Means {
  return {
    settings: { noticeQueueUrl: queue.queueUrl },
    rights: [{ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }],
  }
}

/** What it takes to raise a notice. */
export function raising(data: DataStack): Means {
  return together(outbox(data), store(data, { history: ['get', 'put'] }))
}

/** The port `Notifier`: the internet is open to every handler, topics are not. */
export function notifier(data: DataStack, topic: ITopic): Means {
  const own = Stack.of(data).formatArn({ service: 'sns', resource: `${TOPIC_PREFIX}*` })
  return {
    rights: [
      {
        actions: ['sns:Publish'],
        resources: [topic.topicArn, own],
        because: 'Operators have topics of their own, whose names begin like that.',
      },
    ],
  }
}
