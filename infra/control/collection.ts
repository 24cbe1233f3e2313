import { Duration } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { Construct } from 'constructs'
import type { Context } from '../context.ts'
import type { DataStack } from '../data-stack.ts'
import { Handler } from '../handler.ts'
import { blobs } from '../means/blobs.ts'
import { retention } from '../means/retention.ts'
import { secrets } from '../means/secrets.ts'
import { store } from '../means/store.ts'

/** One run says what is to go, the next one removes it. */
const EVERY = Duration.hours(6)
/** It lists the bucket, and reads every version's manifest. */
const TIMEOUT = Duration.minutes(15)

export interface CollectionProps {
  context: Context
  data: DataStack
}

/** Removes contents, and versions of secrets, that no version of an app needs any more. */
export class Collection extends Construct {
  constructor(scope: Construct, id: string, { context, data }: CollectionProps) {
    super(scope, id)
    const handler = new Handler(this, 'Handler', {
      context,
      entry: 'events/collection-due',
      description: 'removes contents and secrets that nothing needs',
      timeout: TIMEOUT,
      means: [
        store(data, {
          apps: ['read'],
          environments: ['read', 'delete'],
          collection: ['read', 'put', 'update', 'delete'],
        }),
        blobs(data, 'list', 'remove'),
        secrets(data, 'remove'),
        retention(context),
      ],
      // The next one does what this one could not.
      onEvents: { retryAttempts: 0, maxEventAge: EVERY },
      failing: 'Contents and secrets that nothing needs are not removed.',
    })
    new Rule(this, 'Regularly', {
      description: 'Sluice: a look for unused contents is due',
      schedule: Schedule.rate(EVERY),
      targets: [new LambdaFunction(handler.function, { retryAttempts: 0, maxEventAge: EVERY })],
    })
  }
}
