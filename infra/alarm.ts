import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { Context } from './context.ts'

export interface AlarmProps {
  context: Pick<Context, 'alarmTopic'>
  metric: IMetric
  /** What has happened and what to do. */
  says: string
  /** From how many on, in one period of the metric; 1 unless given. */
  atLeast?: number
}

/** An alarm of what would fail silently. Whoever gave `alarmTopic` is told; else it is seen in CloudWatch only. */
export function alarm(
  scope: Construct,
  id: string,
  { context, metric, says, atLeast = 1 }: AlarmProps,
): void {
  const { alarmTopic } = context
  const made = new Alarm(scope, id, {
    metric,
    alarmDescription: says,
    threshold: atLeast,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  })
  if (alarmTopic !== undefined)
    made.addAlarmAction(new SnsAction(Topic.fromTopicArn(scope, `${id}Topic`, alarmTopic)))
}
