import { Duration, type RemovalPolicy } from 'aws-cdk-lib'
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch'
import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import { type IndexShape, TABLES, type TableName, type TableShape } from '../../platforms/aws/tables.ts'
import { alarm } from '../alarm.ts'
import type { Context } from '../context.ts'

export type Tables = Record<TableName, Table>

export interface TablesProps {
  context: Context
  removalPolicy: RemovalPolicy
}

/** A few come with growth, and pass: DynamoDB splits what is asked for often. */
const MANY_THROTTLES = 50

export function makeTables(scope: Construct, props: TablesProps): Tables {
  const tables = Object.entries(TABLES).map(([name, shape]) => [name, makeTable(scope, name, shape, props)])
  return Object.fromEntries(tables)
}

function makeTable(
  scope: Construct,
  name: string,
  { partitionKey, sortKey, timeToLive, stream, indexes = {} }: TableShape,
  { context, removalPolicy }: TablesProps,
): Table {
  const table = new Table(scope, `${name[0]?.toUpperCase()}${name.slice(1)}`, {
    partitionKey: attribute(partitionKey),
    ...(sortKey && { sortKey: attribute(sortKey) }),
    ...(timeToLive && { timeToLiveAttribute: timeToLive }),
    ...(stream && { stream: StreamViewType.NEW_IMAGE }),
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: context.deletionProtection,
    removalPolicy,
  })
  for (const [indexName, index] of Object.entries(indexes)) addIndex(table, indexName, index)
  alarm(table, 'Throttles', {
    context,
    metric: throttles(table),
    atLeast: MANY_THROTTLES,
    says: `The table of ${name} was asked for more than it takes, so everything is slow. Look for the key that is asked for most, with CloudWatch Contributor Insights.`,
  })
  return table
}

function addIndex(
  table: Table,
  indexName: string,
  { partitionKey, sortKey, sortKeyType, include }: IndexShape,
): void {
  table.addGlobalSecondaryIndex({
    indexName,
    partitionKey: attribute(partitionKey),
    sortKey: attribute(sortKey, sortKeyType === 'number' ? AttributeType.NUMBER : AttributeType.STRING),
    ...(include
      ? { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: include }
      : { projectionType: ProjectionType.KEYS_ONLY }),
  })
}

function throttles(table: Table): MathExpression {
  return new MathExpression({
    expression: 'FILL(reads, 0) + FILL(writes, 0)',
    usingMetrics: {
      reads: table.metric('ReadThrottleEvents', { statistic: 'Sum' }),
      writes: table.metric('WriteThrottleEvents', { statistic: 'Sum' }),
    },
    period: Duration.minutes(5),
  })
}

function attribute(name: string, type = AttributeType.STRING): Attribute {
  return { name, type }
}
