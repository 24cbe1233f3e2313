import { Duration } from 'aws-cdk-lib'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Context } from '../context.ts'
import { DeadLetters } from '../dead-letters.ts'

/** How long a handler may take for a batch of messages. */
export const HANDLING_TIMEOUT = Duration.minutes(1)
/** AWS Lambda, "Creating and configuring an Amazon SQS event source mapping": six times the function's timeout. */
const VISIBILITY = Duration.minutes(6)
const MOST_RECEIVES = 5

export interface HandledQueueProps {
  context: Context
  /** What a message is, for the alarm of those that could not be handled: begins a sentence. */
  what: string
}

/** Messages for a handler, and those that it failed at again and again. */
export class HandledQueue extends Construct {
  readonly queue: Queue

  constructor(scope: Construct, id: string, { context, what }: HandledQueueProps) {
    super(scope, id)
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: VISIBILITY,
      deadLetterQueue: {
        queue: new DeadLetters(this, 'DeadLetters', { what, context }),
        maxReceiveCount: MOST_RECEIVES,
      },
    })
  }
}
