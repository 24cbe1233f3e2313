import { Duration } from 'aws-cdk-lib'
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import { Construct } from 'constructs'
import type { ComputeStack } from '../compute-stack.ts'
import type { Context } from '../context.ts'
import type { DataStack } from '../data-stack.ts'
import { DeadLetters } from '../dead-letters.ts'
import { Handler } from '../handler.ts'
import { listening } from '../means/events.ts'
import { telling } from '../means/logs.ts'
import { outbox } from '../means/notices.ts'
import { queue } from '../means/queue.ts'
import { store } from '../means/store.ts'
import { worklist } from '../means/worklist.ts'

const TIMEOUT = Duration.minutes(1)
const RETRIES = 2
/** Later the sweep has noticed the container's silence. */
const STALE = Duration.hours(1)

export interface TaskChangesProps {
  context: Context
  data: DataStack
  compute: ComputeStack
  bus: EventBus
}

/** Tells the domain of containers that have ended. */
export class TaskChanges extends Construct {
  constructor(scope: Construct, id: string, { context, data, compute, bus }: TaskChangesProps) {
    super(scope, id)
    const lost = new DeadLetters(this, 'DeadLetters', { what: 'The end of a container', context })
    const handler = new Handler(this, 'Handler', {
      context,
      entry: 'events/task-changed',
      description: 'sees to what an ended container leaves',
      timeout: TIMEOUT,
      means: [
        store(data, {
          apps: ['read', 'update'],
          calls: ['read', 'update'],
          containers: ['read', 'update'],
          history: ['put'],
          usage: ['put'],
        }),
        outbox(data),
        queue(data, 'send'),
        worklist(data, 'ask'),
        telling(data, compute),
        listening(bus),
      ],
      onEvents: { retryAttempts: RETRIES, maxEventAge: STALE, onFailure: new SqsDestination(lost) },
      failing: 'What ended containers leave is seen to late, once they are found silent.',
    })
    // ECS tells the account's default bus.
    new Rule(this, 'Stopped', {
      description: 'Sluice: a container has ended',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [compute.cluster.clusterArn], lastStatus: ['STOPPED'] },
      },
      targets: [
        new LambdaFunction(handler.function, {
          deadLetterQueue: lost,
          retryAttempts: RETRIES,
          maxEventAge: STALE,
        }),
      ],
    })
  }
}
