import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Resource, Synthesis } from './synthesis.ts'

/** What would fail silently, and is told of. */
const ALARMS = [
  ...[
    'Apps',
    'Calls',
    'Channels',
    'Collection',
    'Containers',
    'Environments',
    'History',
    'Resources',
    'Schedules',
    'Tokens',
    'Usage',
  ].map((table) => `Data/${table}/Throttles`),
  'Data/Notices/DeadLetters/NotEmpty',
  'Data/Work/DeadLetters/NotEmpty',
  'Ingress/Activator/Handler/Errors',
  'Ingress/LoadBalancer1/Failures',
  'Control/Schedules/Undelivered/NotEmpty',
  'Control/Schedules/Failed/NotEmpty',
  'Control/Schedules/Handler/Errors',
  'Control/Schedules/Late/Errors',
  'Control/TaskChanges/DeadLetters/NotEmpty',
  'Control/TaskChanges/Handler/Errors',
  'Control/HistoryChanges/DeadLetters/NotEmpty',
  'Control/HistoryChanges/Handler/Errors',
  'Control/Notices/Handler/Errors',
  'Control/Sweep/Handler/Errors',
  'Control/Collection/Handler/Errors',
  'Control/Work/Handler/Errors',
  'Control/Api/Throttles',
  'Control/TokenApi/Failures',
  'Control/SignedApi/Failures',
]

const stacks = new Synthesis()

test('there is an alarm for whatever would fail silently, which says what to do', () => {
  const alarms = stacks.ofType('AWS::CloudWatch::Alarm')
  assert.deepEqual(alarms.map(({ path }) => path).sort(), ALARMS.toSorted())
  for (const { path, stack, Properties } of alarms) {
    assert.match(stacks.text(stack, Properties.AlarmDescription), /\. (Look|Raise|The queue)/, path)
    assert.equal(Properties.AlarmActions, undefined)
  }
})

test('every queue of dead letters has its alarm, and keeps them for as long as SQS can', () => {
  const queues = stacks
    .ofType('AWS::SQS::Queue')
    .filter(({ path }) => !/^Data\/(Notices|Work)\/Queue$/.test(path))
  for (const { path, Properties } of queues) {
    assert.ok(ALARMS.includes(`${path}/NotEmpty`), path)
    assert.equal(Properties.MessageRetentionPeriod, 14 * 86_400)
  }
})

test('alarms go to the topic that the operator names', () => {
  const alarmTopic = 'arn:aws:sns:eu-west-1:111122223333:pager'
  for (const { path, Properties } of new Synthesis({ alarmTopic }).ofType('AWS::CloudWatch::Alarm'))
    assert.deepEqual(Properties.AlarmActions, [alarmTopic], path)
})

test('an app that cannot be reconciled is tried five times, six times as long apart as a try may take', () => {
  const { stack, Properties: queue } = stacks.at('Data/Work/Queue')
  const { Properties: worker } = stacks.at('Control/Work/Handler/Function')
  assert.equal(queue.RedrivePolicy.maxReceiveCount, 5)
  assert.equal(stacks.text(stack, queue.RedrivePolicy.deadLetterTargetArn), 'Data/Work/DeadLetters')
  assert.equal(queue.VisibilityTimeout, 6 * worker.Timeout)
})

test('one app that fails does not hold up those of its batch', () => {
  const sources = stacks.ofType('AWS::Lambda::EventSourceMapping')
  const [stream, ...mappings] = sources.sort((a, b) => Number(!isStream(a)) - Number(!isStream(b)))
  // What comes in an order is tried again as a whole, and in halves once it fails.
  assert.deepEqual(stream?.Properties.BisectBatchOnFunctionError, true)
  const targets = mappings.map(({ stack, Properties }) => stacks.text(stack, Properties.FunctionName))
  assert.deepEqual(targets.sort(), [
    'Control/Notices/Handler/Function',
    'Control/Schedules/Late/Function',
    'Control/Work/Handler/Function',
  ])
  for (const { Properties } of mappings) {
    assert.deepEqual(Properties.FunctionResponseTypes, ['ReportBatchItemFailures'])
    assert.ok((Properties.ScalingConfig?.MaximumConcurrency ?? 2) >= 2)
  }
})

test('only what looks at apps or notices again and again may be told of its own messages', () => {
  const looping = stacks.functions().filter(({ Properties }) => Properties.RecursiveLoop)
  assert.deepEqual(
    looping.map(({ path, Properties }) => [path, Properties.RecursiveLoop]),
    ['Control/Notices/Handler/Function', 'Control/Work/Handler/Function'].map((path) => [path, 'Allow']),
  )
})

test('the end of a container and a slot of a schedule are never lost: delivered late, or kept for a person', () => {
  const { stack, Properties: rule } = stacks.at('Control/TaskChanges/Stopped')
  const [target] = rule.Targets
  assert.equal(stacks.text(stack, target.Arn), 'Control/TaskChanges/Handler/Function')
  assert.equal(stacks.text(stack, target.DeadLetterConfig.Arn), 'Control/TaskChanges/DeadLetters')
  assert.deepEqual(keptFailures(), {
    'Control/TaskChanges/Handler/Function': 'Control/TaskChanges/DeadLetters',
    'Control/Schedules/Handler/Function': 'Control/Schedules/Failed',
    'Control/Sweep/Handler/Function': undefined,
    'Control/Collection/Handler/Function': undefined,
  })
})

test('ends of containers of this cluster are told by the account’s default bus', () => {
  const { stack, Properties } = stacks.at('Control/TaskChanges/Stopped')
  assert.equal(Properties.EventBusName, undefined)
  const { source, 'detail-type': kind, detail } = Properties.EventPattern
  assert.deepEqual([source, kind, detail.lastStatus], [['aws.ecs'], ['ECS Task State Change'], ['STOPPED']])
  assert.equal(stacks.text(stack, detail.clusterArn[0]), 'Compute/Cluster')
})

test('the sweep is due every minute, and is not repeated: the next one is near', () => {
  const { Properties } = stacks.at('Control/Sweep/Minutely')
  assert.equal(Properties.ScheduleExpression, 'rate(1 minute)')
  assert.equal(Properties.Targets[0].RetryPolicy.MaximumRetryAttempts, 0)
})

test('every log is kept for as long as the operator says, and goes with its stack', () => {
  const brief = new Synthesis({ logRetentionDays: '3' })
  for (const { path, Properties, DeletionPolicy } of brief.ofType('AWS::Logs::LogGroup')) {
    assert.equal(Properties.RetentionInDays, 3, path)
    assert.equal(DeletionPolicy, 'Delete', path)
  }
})

test('every function writes to a log of its own, and is traced', () => {
  const functions = stacks.functions()
  const logs = functions.map(({ stack, Properties }) =>
    stacks.text(stack, Properties.LoggingConfig?.LogGroup),
  )
  assert.equal(new Set(logs).size, functions.length)
  for (const { path, Properties } of functions)
    assert.deepEqual(Properties.TracingConfig, { Mode: 'Active' }, path)
})

function keptFailures(): Record<string, string | undefined> {
  const textOf = ({ stack, Properties }: Resource): [string, string | undefined] => {
    const kept = Properties.DestinationConfig?.OnFailure?.Destination
    return [stacks.text(stack, Properties.FunctionName), kept && stacks.text(stack, kept)]
  }
  return Object.fromEntries(stacks.ofType('AWS::Lambda::EventInvokeConfig').map(textOf))
}

const isStream = ({ Properties }: Resource): boolean => Properties.StartingPosition !== undefined
