import type { EventBus } from 'aws-cdk-lib/aws-events'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Construct } from 'constructs'
import type { ComputeStack } from '../compute-stack.ts'
import type { Context } from '../context.ts'
import { HANDLING_TIMEOUT } from '../data/handled-queue.ts'
import type { DataStack } from '../data-stack.ts'
import { Handler } from '../handler.ts'
import type { IngressStack } from '../ingress-stack.ts'
import { launching, stopping } from '../means/compute.ts'
import { events } from '../means/events.ts'
import { pointing } from '../means/ingress.ts'
import { keys } from '../means/keys.ts'
import { forgettingLogs, telling } from '../means/logs.ts'
import { raising } from '../means/notices.ts'
import { queue } from '../means/queue.ts'
import { retention } from '../means/retention.ts'
import { store } from '../means/store.ts'
import { timetable } from '../means/timetable.ts'
import { worklist } from '../means/worklist.ts'
import type { NetworkStack } from '../network-stack.ts'
import type { Schedules } from './schedules.ts'

/** Half of what a new account may run at once, so that requests always find room. */
const AT_ONCE = 5
const BATCH = 10

export interface WorkProps {
  context: Context
  network: NetworkStack
  data: DataStack
  compute: ComputeStack
  ingress: IngressStack
  bus: EventBus
  schedules: Schedules
  /** Where containers find the API. */
  apiUrl: string
}

/** Reconciles: brings apps towards what is wished, whatever it was that told of them. */
export class Work extends Construct {
  constructor(scope: Construct, id: string, props: WorkProps) {
    super(scope, id)
    const { context, data, compute, bus, schedules } = props
    const handler = new Handler(this, 'Handler', {
      context,
      entry: 'events/work-due',
      description: 'brings apps towards what is wished',
      timeout: HANDLING_TIMEOUT,
      means: [
        keys(data),
        store(data, {
          apps: ['read', 'put', 'update', 'delete'],
          calls: ['read', 'update'],
          containers: ['read', 'put', 'update'],
          // A version that does worse than the one before is rolled back here.
          usage: ['put', 'list'],
          environments: ['get', 'check', 'update'],
          schedules: ['list', 'put', 'update', 'delete'],
        }),
        queue(data, 'send', 'remove'),
        worklist(data, 'receive'),
        launching(props),
        stopping(data, compute),
        pointing(props),
        timetable(data, schedules),
        telling(data, compute),
        forgettingLogs(data, compute),
        events(bus),
        retention(context),
        raising(data),
      ],
      // An app that is to be looked at again is put back into the queue.
      isLoop: true,
      failing: 'Apps are not brought to what is wished, such as their new version; each is tried again.',
    })
    handler.function.addEventSource(
      new SqsEventSource(data.work.queue, {
        batchSize: BATCH,
        maxConcurrency: AT_ONCE,
        reportBatchItemFailures: true,
      }),
    )
  }
}
