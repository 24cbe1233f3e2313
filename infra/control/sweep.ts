import { Duration } from 'aws-cdk-lib'
import { type EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { Construct } from 'constructs'
import type { ComputeStack } from '../compute-stack.ts'
import type { Context } from '../context.ts'
import type { DataStack } from '../data-stack.ts'
import { Handler } from '../handler.ts'
import { stopping } from '../means/compute.ts'
import { listening } from '../means/events.ts'
import { keys } from '../means/keys.ts'
import { telling } from '../means/logs.ts'
import { raising } from '../means/notices.ts'
import { queue } from '../means/queue.ts'
import { store } from '../means/store.ts'
import { worklist } from '../means/worklist.ts'

const EVERY = Duration.minutes(1)

export interface SweepProps {
  context: Context
  data: DataStack
  compute: ComputeStack
  bus: EventBus
}

/** Finds what no event told of, once a minute. */
export class Sweep extends Construct {
  constructor(scope: Construct, id: string, { context, data, compute, bus }: SweepProps) {
    super(scope, id)
    const handler = new Handler(this, 'Handler', {
      context,
      entry: 'events/sweep-due',
      description: 'finds silent containers, forgotten calls and schedules that did not fire',
      timeout: EVERY,
      means: [
        keys(data),
        store(data, {
          apps: ['read', 'update'],
          calls: ['read', 'put', 'update', 'delete'],
          containers: ['read', 'update'],
          usage: ['put'],
          schedules: ['read', 'put', 'update'],
        }),
        raising(data),
        store(data, { history: ['read'] }),
        queue(data, 'send'),
        worklist(data, 'resend'),
        stopping(data, compute),
        telling(data, compute),
        listening(bus),
      ],
      // The next one does what this one could not.
      onEvents: { retryAttempts: 0, maxEventAge: EVERY },
      failing: 'Silent containers, forgotten calls and schedules that did not fire are not found.',
    })
    new Rule(this, 'Minutely', {
      description: 'Sluice: the sweep is due',
      schedule: Schedule.rate(EVERY),
      targets: [new LambdaFunction(handler.function, { retryAttempts: 0, maxEventAge: EVERY })],
    })
  }
}
