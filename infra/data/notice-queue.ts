import { Duration } from 'aws-cdk-lib'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Context } from '../context.ts'
import { DeadLetters } from '../dead-letters.ts'

/** How long it may take to tell people of a batch of notices, all at once. */
export const NOTICE_TIMEOUT = Duration.minutes(1)
/** AWS Lambda, "Creating and configuring an Amazon SQS event source mapping": six times the function's timeout. */
const VISIBILITY = Duration.minutes(6)
const MOST_RECEIVES = 5

/** The port `Outbox`: notices that are to be seen to, each at its time. */
export class NoticeQueue extends Construct {
  readonly queue: Queue

  constructor(scope: Construct, id: string, context: Context) {
    super(scope, id)
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: VISIBILITY,
      deadLetterQueue: {
        queue: new DeadLetters(this, 'DeadLetters', { what: 'A notice', context }),
        maxReceiveCount: MOST_RECEIVES,
      },
    })
  }
}
