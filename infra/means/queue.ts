import { Stack } from 'aws-cdk-lib'
import type { DataStack } from '../data-stack.ts'
import { type Means, together } from './means.ts'
import { records } from './store.ts'

/** Begins the names of functions' queues. No other queue of the installation begins like it. */
const PREFIX = 'sluice-'

const ACTIONS = {
  /** The first hint of a function makes its queue. */
  send: ['sqs:CreateQueue', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
  /** A container waits at an address that its handler signs, which opens what the handler may do. */
  receive: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
  remove: ['sqs:DeleteQueue'],
}

/** The port `CallQueue`, or what a handler uses of it. */
export function queue(data: DataStack, ...uses: (keyof typeof ACTIONS)[]): Means {
  const queues: Means = {
    settings: { queuePrefix: PREFIX },
    rights: [
      {
        actions: uses.flatMap((use) => ACTIONS[use]),
        resources: [Stack.of(data).formatArn({ service: 'sqs', resource: `${PREFIX}*` })],
        because: 'There is a queue for each function, made with its first call.',
      },
    ],
  }
  // How often an app's queues were removed is part of their names.
  return uses.includes('remove')
    ? together(queues, listing, records(data, 'GetItem', 'UpdateItem'))
    : together(queues, records(data, 'GetItem'))
}

const listing: Means = {
  rights: [
    {
      actions: ['sqs:ListQueues'],
      resources: ['*'],
      because: 'Queues are listed by how their names begin, for which there is no resource.',
    },
  ],
}
