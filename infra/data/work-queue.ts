import { Duration } from 'aws-cdk-lib'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Context } from '../context.ts'
import { DeadLetters } from '../dead-letters.ts'

/** How long reconciling an app may take. */
export const WORK_TIMEOUT = Duration.minutes(1)
/** AWS Lambda, "Creating and configuring an Amazon SQS event source mapping": six times the function's timeout. */
const VISIBILITY = Duration.minutes(6)
const MOST_RECEIVES = 5

/** The port `Worklist`: apps to reconcile. Beside the data, since both the ingress and the control plane add to it. */
export class WorkQueue extends Construct {
  readonly queue: Queue

  constructor(scope: Construct, id: string, context: Context) {
    super(scope, id)
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: VISIBILITY,
      deadLetterQueue: {
        queue: new DeadLetters(this, 'DeadLetters', { what: 'The reconciling of an app', context }),
        maxReceiveCount: MOST_RECEIVES,
      },
    })
  }
}
