import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import type { Context } from '../context.ts'
import type { DataStack } from '../data-stack.ts'
import { DeadLetters } from '../dead-letters.ts'
import { Handler } from '../handler.ts'
import { keys } from '../means/keys.ts'
import { raising } from '../means/notices.ts'
import { queue } from '../means/queue.ts'
import { store } from '../means/store.ts'
import { worklist } from '../means/worklist.ts'
import { allow } from '../rights.ts'

const TIMEOUT = Duration.seconds(30)
/** A slot that could not be made a call of by then is late rather than missed. */
const STALE = Duration.hours(6)
const RETRIES = 2
const LATE_BATCH = 5

export interface SchedulesProps {
  context: Context
  data: DataStack
}

/** Where the schedules of apps are, and who makes calls of them. */
export class Schedules extends Construct {
  /** Goes with all that is in it. */
  readonly group: ScheduleGroup
  /** What EventBridge Scheduler does is done as this. */
  readonly role: Role
  /** Slots that the handler was never told of. */
  readonly undelivered: DeadLetters
  readonly handler: Handler

  constructor(scope: Construct, id: string, { context, data }: SchedulesProps) {
    super(scope, id)
    this.group = new ScheduleGroup(this, 'Group', {
      scheduleGroupName: 'sluice',
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.undelivered = new DeadLetters(this, 'Undelivered', {
      what: 'A slot of a schedule',
      context,
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds()),
    })
    const firing = [
      keys(data),
      store(data, {
        apps: ['read'],
        calls: ['read', 'put', 'update', 'delete'],
        schedules: ['read', 'put', 'update'],
      }),
      queue(data, 'send'),
      worklist(data, 'ask'),
      raising(data),
    ]
    this.handler = new Handler(this, 'Handler', {
      context,
      entry: 'events/schedule-fired',
      description: 'makes a call of a slot of a schedule',
      timeout: TIMEOUT,
      means: firing,
      onEvents: {
        retryAttempts: RETRIES,
        maxEventAge: STALE,
        onFailure: new SqsDestination(
          new DeadLetters(this, 'Failed', { what: 'A slot of a schedule', context }),
        ),
      },
      failing: 'Slots of schedules could not be made calls of; each is tried again.',
    })
    const late = new Handler(this, 'Late', {
      context,
      entry: 'events/schedule-undelivered',
      description: 'sees to slots of schedules that were never told of',
      timeout: TIMEOUT,
      means: firing,
      failing: 'Slots of schedules that were never told of are not seen to; each is tried again.',
    })
    late.function.addEventSource(
      new SqsEventSource(this.undelivered, { batchSize: LATE_BATCH, reportBatchItemFailures: true }),
    )
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    })
    allow(this.role, { actions: ['lambda:InvokeFunction'], resources: [this.handler.function.functionArn] })
    allow(this.role, { actions: ['sqs:SendMessage'], resources: [this.undelivered.queueArn] })
  }
}
