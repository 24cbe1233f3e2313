import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import {
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListTasksCommand,
  type Task,
} from '@aws-sdk/client-ecs'
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { STREAM_PREFIX } from '../../platforms/aws/logs/streams.ts'
import { SYSTEM_LOG_PREFIX } from '../../platforms/aws/settings.ts'

const ecs = new ECSClient()
const elb = new ElasticLoadBalancingV2Client()

/** What apps have on the account, by kind: each list is empty once every app is stopped. */
export async function appResources(): Promise<Record<string, string[]>> {
  const [tasks, rules, targetGroups, schedules, queues] = await Promise.all([
    runningTasks(),
    ruleArns(),
    appTargetGroups(),
    scheduleNames(),
    queueNames(),
  ])
  return { tasks: tasks.map(({ taskArn = '' }) => taskArn), rules, targetGroups, schedules, queues }
}

/** What is kept of apps that are stopped, by kind: each list is empty once they are collected. */
export async function keptOfApps(): Promise<Record<string, string[]>> {
  const [streams, versions] = await Promise.all([logStreams(), versionItems()])
  return { streams, versions }
}

/** Those of containers, and of what the control plane says of apps; its own functions write elsewhere. */
async function logStreams(): Promise<string[]> {
  const logs = new CloudWatchLogsClient()
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}))
  const found = await Promise.all(
    logGroups.map(({ logGroupName }) => logs.send(new DescribeLogStreamsCommand({ logGroupName }))),
  )
  return found
    .flatMap(({ logStreams: streams = [] }) => streams.map(({ logStreamName = '' }) => logStreamName))
    .filter((name) => name.startsWith(STREAM_PREFIX) || name.startsWith(SYSTEM_LOG_PREFIX))
}

async function versionItems(): Promise<string[]> {
  const dynamo = new DynamoDBClient()
  const { TableNames: tables = [] } = await dynamo.send(new ListTablesCommand({}))
  const { Items = [] } = await dynamo.send(
    new ScanCommand({ TableName: tables.find((name) => /Apps/.test(name)) }),
  )
  return Items.flatMap(({ key, item }) => (item?.S === 'app' ? [] : `${key?.S} ${item?.S}`))
}

/** What the stacks have on the account, by kind: each list is empty once they are destroyed. */
export async function stackResources(): Promise<Record<string, string[]>> {
  const { TableNames: tables = [] } = await new DynamoDBClient().send(new ListTablesCommand({}))
  const { Buckets: buckets = [] } = await new S3Client().send(new ListBucketsCommand({}))
  const { Functions: functions = [] } = await new LambdaClient().send(new ListFunctionsCommand({}))
  const { LoadBalancers: balancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}))
  const { QueueUrls: queues = [] } = await new SQSClient().send(new ListQueuesCommand({}))
  const { clusterArns: clusters = [] } = await ecs.send(new ListClustersCommand({}))
  return {
    tables,
    // Those of `cdk bootstrap` stay.
    buckets: buckets.flatMap(({ Name = '' }) => (Name.startsWith('sluice') ? Name : [])),
    functions: functions.map(({ FunctionName = '' }) => FunctionName),
    loadBalancers: balancers.map(({ LoadBalancerName = '' }) => LoadBalancerName),
    queues,
    clusters,
  }
}

export async function runningTasks(): Promise<Task[]> {
  return tasksThat('RUNNING')
}

export async function stoppedTasks(): Promise<Task[]> {
  return tasksThat('STOPPED')
}

async function tasksThat(desiredStatus: 'RUNNING' | 'STOPPED'): Promise<Task[]> {
  const { clusterArns: [cluster] = [] } = await ecs.send(new ListClustersCommand({}))
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, desiredStatus }))
  if (taskArns.length === 0) return []
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }))
  return tasks
}

async function ruleArns(): Promise<string[]> {
  const { LoadBalancers: balancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}))
  const rules: string[] = []
  for (const { LoadBalancerArn } of balancers) {
    const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }))
    for (const { ListenerArn } of Listeners) {
      const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn }))
      rules.push(...Rules.filter(({ IsDefault }) => !IsDefault).map(({ RuleArn = '' }) => RuleArn))
    }
  }
  return rules
}

/** Those of the stacks hold Lambda functions. */
async function appTargetGroups(): Promise<string[]> {
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}))
  return TargetGroups.filter(({ TargetType }) => TargetType === 'ip').map(
    ({ TargetGroupName = '' }) => TargetGroupName,
  )
}

async function scheduleNames(): Promise<string[]> {
  const { Schedules = [] } = await new SchedulerClient().send(new ListSchedulesCommand({}))
  return Schedules.map(({ Name = '' }) => Name)
}

/** The stacks' own queues are named by CloudFormation. */
async function queueNames(): Promise<string[]> {
  const { QueueUrls = [] } = await new SQSClient().send(new ListQueuesCommand({}))
  return QueueUrls.filter((url) => !/\/Sluice(Data|Control|Ingress)-/.test(url))
}
