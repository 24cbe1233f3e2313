import { Duration } from 'aws-cdk-lib'
import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import type { EventBus } from 'aws-cdk-lib/aws-events'
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Construct } from 'constructs'
import type { Context } from '../context.ts'
import type { DataStack } from '../data-stack.ts'
import { DeadLetters } from '../dead-letters.ts'
import { Handler } from '../handler.ts'
import { events } from '../means/events.ts'

const TIMEOUT = Duration.seconds(30)
const BATCH = 10
const RETRIES = 10

export interface HistoryChangesProps {
  context: Context
  data: DataStack
  bus: EventBus
}

/** Has each audit entry and each notice told on the bus. */
export class HistoryChanges extends Construct {
  constructor(scope: Construct, id: string, { context, data, bus }: HistoryChangesProps) {
    super(scope, id)
    const handler = new Handler(this, 'Handler', {
      context,
      entry: 'events/history-changed',
      description: 'tells of changes and notices on the event bus',
      timeout: TIMEOUT,
      means: [events(bus)],
      failing: 'Changes and notices are not told on the event bus.',
    })
    const insert = { eventName: FilterRule.isEqual('INSERT') }
    handler.function.addEventSource(
      // The library's own class is no ITable under `exactOptionalPropertyTypes`.
      new DynamoEventSource(data.tables.history as ITable, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: BATCH,
        retryAttempts: RETRIES,
        bisectBatchOnError: true,
        onFailure: new SqsDlq(new DeadLetters(this, 'DeadLetters', { what: 'Word of a change', context })),
        filters: [
          FilterCriteria.filter({ ...insert, dynamodb: { NewImage: { entry: { S: FilterRule.exists() } } } }),
          FilterCriteria.filter({
            ...insert,
            dynamodb: { NewImage: { content: { S: FilterRule.exists() } } },
          }),
        ],
      }),
    )
  }
}
