import { Duration, Validations } from 'aws-cdk-lib'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { alarm } from './alarm.ts'
import type { Context } from './context.ts'

/** The longest that SQS keeps a message. */
const KEPT = Duration.days(14)

interface DeadLettersProps {
  /** What was given up, for the alarm. */
  what: string
  context: Context
  /** Where a function sees to it, what that may take. */
  visibilityTimeout?: Duration
}

/** A queue for what was given up, and an alarm as soon as it holds something. */
export class DeadLetters extends Queue {
  constructor(scope: Construct, id: string, { what, context, visibilityTimeout }: DeadLettersProps) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: KEPT,
      ...(visibilityTimeout && { visibilityTimeout }),
    })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is where others give up; nobody consumes it but a person.',
    })
    alarm(this, 'NotEmpty', {
      context,
      metric: this.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(1),
      }),
      says: `${what} was given up. The queue ${this.queueName} holds it and its error; move it back once the cause is mended.`,
    })
  }
}
