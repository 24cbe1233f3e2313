import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Rights, rightsOf } from './statements.ts'
import { Synthesis } from './synthesis.ts'

const LOOK = 'dynamodb: BatchGetItem GetItem Query'
const CHANGE = `${LOOK} UpdateItem`
const KEEP = 'dynamodb: BatchGetItem GetItem PutItem Query UpdateItem'
const WRITE = 'dynamodb: BatchGetItem DeleteItem GetItem PutItem Query UpdateItem'

const SENDER = { 'Data/Key': 'secretsmanager: GetSecretValue', 'Data/Tokens': LOOK }
const LIVES = { 'Data/Usage': 'dynamodb: PutItem' }
const KEY = { 'Data/Key': 'secretsmanager: GetSecretValue' }
const WORK = { 'Data/Work/Queue': 'sqs: SendMessage' }
const QUEUES = 'arn:partition:sqs:region:accountid:sluice-*'
const SECRETS = 'arn:partition:secretsmanager:region:accountid:secret:sluice/*'
const HINT = { [QUEUES]: 'sqs: CreateQueue GetQueueUrl SendMessage' }
const TASKS = 'arn:partition:ecs:region:accountid:task/Compute/Cluster/*'
const KILL = { '* if ecs:cluster is Compute/Cluster': 'ecs: ListTasks', [TASKS]: 'ecs: StopTask' }
const READ_LOGS = { 'Compute/Log': 'logs: FilterLogEvents' }
const TELL = {
  ...READ_LOGS,
  'arn:partition:logs:region:accountid:log-group:Compute/Log:log-stream:system/*':
    'logs: CreateLogStream PutLogEvents',
}
const FORGET_LOGS = {
  'arn:partition:logs:region:accountid:log-group:Compute/Log:log-stream:*': 'logs: DeleteLogStream',
}
const BALANCING = 'arn:partition:elasticloadbalancing:region:accountid'
const SCHEDULE = {
  'arn:partition:scheduler:region:accountid:schedule/sluice/*':
    'scheduler: CreateSchedule DeleteSchedule GetSchedule',
  'Control/Schedules/Role if iam:PassedToService is scheduler.amazonaws.com': 'iam: PassRole',
}
const NAME = { 'arn:partition:route53:::hostedzone/Z123': 'route53: ChangeResourceRecordSets' }
const JOIN_NETWORK =
  'ec2: AssignPrivateIpAddresses CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces DescribeSubnets UnassignPrivateIpAddresses'
const LOOK_AT_NETWORK = 'ec2: DescribeInstances DescribeInternetGateways DescribeSubnets DescribeVpcs'
const RECORD = { 'Data/History': 'dynamodb: PutItem' }
/** A content that somebody asks for is struck off the list of those that are to be removed. */
const SAVE = { 'Data/Collection': CHANGE }
const NOTIFY = { ...RECORD, 'Data/Notices/Queue': 'sqs: SendMessage' }
const RAISE = { ...NOTIFY, 'Data/History': 'dynamodb: GetItem PutItem' }
const TRACE = 'xray: PutTelemetryRecords PutTraceSegments'

/** By handler, beside its own log and traces. */
const RIGHTS: Record<string, Rights> = {
  'Control/Api/Public': {},
  'Control/Api/Blobs': {
    ...SENDER,
    ...SAVE,
    'Data/Containers': LOOK,
    'Data/Blobs': 's3: ListBucket',
    'Data/Blobs/*': 's3: GetObject PutObject',
  },
  'Control/Api/Audit': {
    ...SENDER,
    'Data/Apps': LOOK,
    'Data/Containers': LOOK,
    'Data/Channels': WRITE,
    'Data/History': 'dynamodb: BatchGetItem GetItem PutItem Query',
    'arn:partition:sns:region:accountid:sluice-*': 'sns: Publish',
    'Control/Notices/Topic': 'sns: Publish',
  },
  'Control/Api/Logs': {
    ...SENDER,
    ...READ_LOGS,
    'Data/Apps': LOOK,
    'Data/Containers': LOOK,
    'Data/Resources': 'dynamodb: Query',
  },
  'Control/Api/Calls': {
    ...SENDER,
    ...SAVE,
    ...WORK,
    ...HINT,
    'Data/Apps': LOOK,
    'Data/Calls': WRITE,
    'Data/Containers': CHANGE,
    'Data/Resources': 'dynamodb: GetItem UpdateItem',
    'Data/Blobs': 's3: ListBucket',
    'Data/Blobs/*': 's3: GetObject PutObject',
  },
  'Control/Api/Containers': {
    ...SENDER,
    ...WORK,
    ...HINT,
    ...KILL,
    ...TELL,
    'Data/Apps': CHANGE,
    'Data/Calls': CHANGE,
    'Data/Containers': CHANGE,
    ...NOTIFY,
    ...LIVES,
    'Data/Resources': 'dynamodb: GetItem Query UpdateItem',
  },
  'Control/Api/Deployments': {
    ...SENDER,
    ...SAVE,
    ...WORK,
    ...SCHEDULE,
    ...NAME,
    '*': 'elasticloadbalancing: DescribeRules DescribeTargetGroups; scheduler: ListSchedules',
    [`${BALANCING}:listener-rule/app/sluice-*`]: 'elasticloadbalancing: DeleteRule',
    [`${BALANCING}:targetgroup/sluice-*`]: 'elasticloadbalancing: DeleteTargetGroup',
    'Data/Apps': WRITE,
    'Data/Calls': LOOK,
    'Data/Containers': LOOK,
    ...RECORD,
    'Data/Schedules': 'dynamodb: PutItem Query UpdateItem',
    'Data/Resources': 'dynamodb: BatchWriteItem DeleteItem GetItem PutItem Query UpdateItem',
    'Data/Blobs': 's3: ListBucket',
    'Data/Environments': 'dynamodb: BatchGetItem ConditionCheckItem GetItem Query UpdateItem',
    'Data/Blobs/*': 's3: GetObject',
  },
  'Control/Api/Tokens': {
    ...KEY,
    'Data/Containers': LOOK,
    'Data/Environments': LOOK,
    'Data/History': 'dynamodb: PutItem',
    'Data/Tokens': 'dynamodb: BatchGetItem GetItem PutItem Query UpdateItem',
  },
  'Control/Api/Schedules': {
    ...SENDER,
    ...WORK,
    ...HINT,
    'Data/Apps': LOOK,
    'Data/Calls': WRITE,
    'Data/Containers': LOOK,
    'Data/Schedules': KEEP,
    ...RECORD,
    'Data/Resources': 'dynamodb: GetItem UpdateItem',
  },
  'Control/Api/Secrets': {
    ...SENDER,
    'Data/Apps': LOOK,
    'Data/Containers': LOOK,
    'Data/Environments': WRITE,
    'Data/History': 'dynamodb: PutItem',
    [SECRETS]: 'secretsmanager: CreateSecret DeleteSecret',
  },
  'Control/Api/Usage': {
    ...SENDER,
    'Data/Apps': LOOK,
    'Data/Containers': LOOK,
    'Data/Schedules': 'dynamodb: Query',
    'Data/Usage': LOOK,
  },
  'Control/Api/Runtime': {
    ...SENDER,
    ...SAVE,
    ...WORK,
    [QUEUES]: 'sqs: ChangeMessageVisibility CreateQueue DeleteMessage GetQueueUrl ReceiveMessage SendMessage',
    'Data/Apps': LOOK,
    'Data/Calls': CHANGE,
    'Data/Containers': CHANGE,
    ...NOTIFY,
    'Data/Usage': 'dynamodb: UpdateItem',
    'Data/Resources': 'dynamodb: GetItem UpdateItem',
    'Data/Blobs': 's3: ListBucket',
    'Data/Blobs/*': 's3: GetObject PutObject',
    [SECRETS]: 'secretsmanager: GetSecretValue',
  },
  'Control/Api/Collection': {
    ...SENDER,
    ...READ_LOGS,
    ...FORGET_LOGS,
    '*': 'sqs: ListQueues',
    [QUEUES]: 'sqs: DeleteQueue',
    'Data/Apps': WRITE,
    'Data/Calls': LOOK,
    'Data/Containers': CHANGE,
    ...RECORD,
    'Data/Schedules': 'dynamodb: DeleteItem Query',
    'Data/Collection': WRITE,
    'Data/Environments': 'dynamodb: BatchGetItem DeleteItem GetItem Query',
    [SECRETS]: 'secretsmanager: DeleteSecret',
    'Data/Resources': 'dynamodb: DeleteItem GetItem Query UpdateItem',
    'Data/Blobs': 's3: ListBucket',
    'Data/Blobs/*': 's3: DeleteObject',
  },
  'Control/Collection/Handler': {
    'Data/Apps': LOOK,
    'Data/Collection': WRITE,
    'Data/Environments': 'dynamodb: BatchGetItem DeleteItem GetItem Query',
    [SECRETS]: 'secretsmanager: DeleteSecret',
    'Data/Blobs': 's3: ListBucket',
    'Data/Blobs/*': 's3: DeleteObject',
  },
  'Control/Work/Handler': {
    ...KEY,
    ...KILL,
    ...TELL,
    ...FORGET_LOGS,
    ...SCHEDULE,
    ...NAME,
    '*': `${LOOK_AT_NETWORK}; elasticloadbalancing: DescribeRules DescribeTargetGroups DescribeTargetHealth; scheduler: ListSchedules; sqs: ListQueues`,
    'Data/Work/Queue':
      'sqs: ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ReceiveMessage SendMessage',
    [QUEUES]: 'sqs: CreateQueue DeleteQueue GetQueueUrl SendMessage',
    'arn:partition:ecs:region:accountid:task-definition/sluice-runner:* if ecs:cluster is Compute/Cluster':
      'ecs: RunTask',
    [`${TASKS} if ecs:CreateAction is RunTask`]: 'ecs: TagResource',
    'Compute/Runner/TaskRole if iam:PassedToService is ecs-tasks.amazonaws.com': 'iam: PassRole',
    'Compute/Runner/ExecutionRole if iam:PassedToService is ecs-tasks.amazonaws.com': 'iam: PassRole',
    [`${BALANCING}:listener/app/sluice-*`]: 'elasticloadbalancing: CreateRule',
    [`${BALANCING}:listener-rule/app/sluice-*`]: 'elasticloadbalancing: DeleteRule ModifyRule',
    [`${BALANCING}:listener-rule/app/sluice-* if elasticloadbalancing:CreateAction is CreateRule`]:
      'elasticloadbalancing: AddTags',
    [`${BALANCING}:targetgroup/sluice-*`]:
      'elasticloadbalancing: CreateTargetGroup DeleteTargetGroup DeregisterTargets ModifyTargetGroupAttributes RegisterTargets',
    [`${BALANCING}:targetgroup/sluice-* if elasticloadbalancing:CreateAction is CreateTargetGroup`]:
      'elasticloadbalancing: AddTags',
    'Control/Events': 'events: PutEvents',
    'Data/Apps': WRITE,
    'Data/Calls': CHANGE,
    'Data/Containers': 'dynamodb: BatchGetItem GetItem PutItem Query UpdateItem',
    ...RAISE,
    'Data/Usage': 'dynamodb: PutItem Query',
    'Data/Environments': 'dynamodb: ConditionCheckItem GetItem UpdateItem',
    'Data/Schedules': 'dynamodb: DeleteItem PutItem Query UpdateItem',
    'Data/Resources':
      'dynamodb: BatchWriteItem ConditionCheckItem DeleteItem GetItem PutItem Query UpdateItem',
  },
  'Control/Sweep/Handler': {
    ...KEY,
    ...WORK,
    ...HINT,
    ...KILL,
    ...TELL,
    'Data/Apps': CHANGE,
    'Data/Calls': WRITE,
    'Data/Containers': CHANGE,
    ...NOTIFY,
    'Data/History': 'dynamodb: BatchGetItem GetItem PutItem Query',
    ...LIVES,
    'Data/Schedules': KEEP,
    'Data/Resources': 'dynamodb: GetItem Query UpdateItem',
  },
  'Control/TaskChanges/Handler': {
    ...WORK,
    ...HINT,
    ...TELL,
    'Data/Apps': CHANGE,
    'Data/Calls': CHANGE,
    'Data/Containers': CHANGE,
    ...NOTIFY,
    ...LIVES,
    'Data/Resources': 'dynamodb: GetItem Query UpdateItem',
    'Control/TaskChanges/DeadLetters': 'sqs: GetQueueAttributes GetQueueUrl SendMessage',
  },
  'Control/HistoryChanges/Handler': {
    'Control/Events': 'events: PutEvents',
    'Control/HistoryChanges/DeadLetters': 'sqs: GetQueueAttributes GetQueueUrl SendMessage',
    '*': 'dynamodb: ListStreams',
    'Data/History': 'dynamodb: DescribeStream GetRecords GetShardIterator',
  },
  'Control/Notices/Handler': {
    ...KEY,
    ...READ_LOGS,
    'Data/Channels': CHANGE,
    'Data/History': 'dynamodb: BatchGetItem GetItem PutItem Query UpdateItem',
    'Data/Resources': 'dynamodb: Query',
    'Data/Notices/Queue':
      'sqs: ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ReceiveMessage SendMessage',
    'arn:partition:sns:region:accountid:sluice-*': 'sns: Publish',
    'Control/Notices/Topic': 'sns: Publish',
  },
  'Control/Schedules/Handler': {
    ...KEY,
    ...WORK,
    ...HINT,
    'Data/Apps': LOOK,
    'Data/Calls': WRITE,
    ...RAISE,
    'Data/Schedules': KEEP,
    'Data/Resources': 'dynamodb: GetItem UpdateItem',
    'Control/Schedules/Failed': 'sqs: GetQueueAttributes GetQueueUrl SendMessage',
  },
  'Control/Schedules/Late': {
    ...KEY,
    ...WORK,
    ...HINT,
    'Data/Apps': LOOK,
    'Data/Calls': WRITE,
    ...RAISE,
    'Data/Schedules': KEEP,
    'Data/Resources': 'dynamodb: GetItem UpdateItem',
    'Control/Schedules/Undelivered':
      'sqs: ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ReceiveMessage',
  },
  'Control/TokenRequests/Handler': {
    ...KEY,
    'Data/History': 'dynamodb: PutItem',
    'Data/Tokens': 'dynamodb: PutItem',
  },
  'Ingress/Activator/Handler': {
    ...WORK,
    'Data/Apps': 'dynamodb: BatchGetItem GetItem PutItem Query',
    'Data/Containers': LOOK,
    'Data/Resources': 'dynamodb: GetItem UpdateItem',
    'Ingress/Activator/Forwarder/Handler/Function': 'lambda: InvokeFunction',
  },
  'Ingress/Activator/Forwarder/Handler': {
    '*': JOIN_NETWORK,
    'never * if lambda:SourceFunctionArn is Ingress/Activator/Forwarder/Handler/Function': JOIN_NETWORK,
  },
}

const EMPTYING = 'Control/Custom::S3AutoDeleteObjectsCustomResourceProvider/Role'

/** Beside those of handlers. */
const OTHER_ROLES: Record<string, Rights> = {
  'Compute/Runner/TaskRole': {},
  'Compute/Runner/ExecutionRole': { 'Compute/Log': 'logs: CreateLogStream PutLogEvents' },
  'Control/Schedules/Role': {
    'Control/Schedules/Handler/Function': 'lambda: InvokeFunction',
    'Control/Schedules/Undelivered': 'sqs: SendMessage',
  },
  'Control/Console/Files/Role': {
    'Control/Console/Files/Bucket': 's3: ListBucket',
    'Control/Console/Files/Bucket/*': 's3: PutObject',
    'Control/Console/Files/Log': 'logs: CreateLogStream PutLogEvents',
    'an asset': 's3: GetObject',
  },
  // The CDK's own, to empty that bucket: the bucket's policy names what it may do there.
  [EMPTYING]: {},
}

const stacks = new Synthesis({ hostedZone: 'Z123' })
const rights = rightsOf(stacks)

for (const [handler, expected] of Object.entries(RIGHTS)) {
  test(`${handler} may do what its ports need, on what they need it for, and nothing else`, () => {
    assert.deepEqual(rights.get(`${handler}/Role`), {
      ...expected,
      '*': expected['*'] === undefined ? TRACE : `${expected['*']}; ${TRACE}`,
      [`${handler}/Log`]: 'logs: CreateLogStream PutLogEvents',
    })
  })
}

for (const [role, expected] of Object.entries(OTHER_ROLES)) {
  test(`${role} allows what it is for, and nothing else`, () => {
    assert.deepEqual(rights.get(role), expected)
  })
}

test('there are no other roles, and no policies that AWS may change', () => {
  const known = [...Object.keys(RIGHTS).map((handler) => `${handler}/Role`), ...Object.keys(OTHER_ROLES)]
  assert.deepEqual([...rights.keys()].sort(), known.sort())
  for (const { path, Properties } of stacks.ofType('AWS::IAM::Role').filter(({ path }) => path !== EMPTYING))
    assert.equal(Properties.ManagedPolicyArns, undefined, path)
})

test('each function has a role of its own, which Lambda alone can take on', () => {
  const functions = stacks.functions()
  assert.equal(functions.length, Object.keys(RIGHTS).length)
  for (const { path, stack, Properties } of functions) {
    const role = path.replace(/Function$/, 'Role')
    assert.equal(stacks.text(stack, Properties.Role), role)
    const [trust, ...others] = stacks.at(role).Properties.AssumeRolePolicyDocument.Statement
    assert.deepEqual(trust.Principal, { Service: 'lambda.amazonaws.com' })
    assert.deepEqual(others, [])
  }
})

test('no action is told by a wildcard', () => {
  for (const [role, allowed] of rights) assert.doesNotMatch(Object.values(allowed).join(), /\*/, role)
})

test('EventBridge Scheduler takes on its role for this account only', () => {
  const { stack, Properties } = stacks.at('Control/Schedules/Role')
  const [trust] = Properties.AssumeRolePolicyDocument.Statement
  assert.equal(stacks.text(stack, trust.Condition.StringEquals['aws:SourceAccount']), 'accountid')
})
