import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { ComputeStack } from '../compute-stack.ts'
import type { Context } from '../context.ts'
import { HANDLING_TIMEOUT } from '../data/handled-queue.ts'
import type { DataStack } from '../data-stack.ts'
import { Handler } from '../handler.ts'
import { keys } from '../means/keys.ts'
import { logs } from '../means/logs.ts'
import { notifier, outbox } from '../means/notices.ts'
import { store } from '../means/store.ts'

const BATCH = 10
/** The least that SQS can be told. */
const AT_ONCE = 2

export interface NoticesProps {
  context: Context
  data: DataStack
  compute: ComputeStack
}

/** Tells people what they want to hear of, where they want to hear it. */
export class Notices extends Construct {
  /** For whoever has no topic of their own. */
  readonly topic: Topic

  constructor(scope: Construct, id: string, { context, data, compute }: NoticesProps) {
    super(scope, id)
    this.topic = new Topic(this, 'Topic', { displayName: 'Sluice', enforceSSL: true })
    const handler = new Handler(this, 'Handler', {
      context,
      entry: 'events/notice-due',
      description: 'delivers notices',
      timeout: HANDLING_TIMEOUT,
      means: [
        keys(data),
        store(data, { history: ['read', 'put', 'update'], channels: ['read', 'update'] }),
        outbox(data),
        logs(data, compute),
        notifier(data, this.topic),
      ],
      // A notice that could not be delivered is put back into the queue.
      isLoop: true,
      failing: 'Notices are not delivered; each is tried again for a day.',
    })
    handler.function.addEventSource(
      new SqsEventSource(data.notices.queue, {
        batchSize: BATCH,
        maxConcurrency: AT_ONCE,
        reportBatchItemFailures: true,
      }),
    )
  }
}
