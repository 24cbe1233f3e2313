import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  GetLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  type ContainerDefinition,
  CreateClusterCommand,
  DeleteClusterCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs'
import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import type { Program } from '../../../contract/compute.ts'
import { randomPrefix } from '../account.ts'

const ecs = new ECSClient()
const logs = new CloudWatchLogsClient()
const bridge = new EventBridgeClient()
const sqs = new SQSClient()

export const NODE_IMAGE = 'localhost/node:24'
/** The shortest that there is. */
const STOP_SECONDS = 2
const POLL_MS = 50

/** A cluster with a task definition, and a queue for the events of its tasks, as the stacks would make them. */
export async function makeCluster(container: Partial<ContainerDefinition>) {
  const name = randomPrefix()
  const region = await ecs.config.region()
  const cluster = await ecs.send(new CreateClusterCommand({ clusterName: name }))
  await logs.send(new CreateLogGroupCommand({ logGroupName: name }))
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: name,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [
        {
          name: 'runner',
          image: NODE_IMAGE,
          stopTimeout: STOP_SECONDS,
          linuxParameters: { initProcessEnabled: true },
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'awslogs-group': name, 'awslogs-region': region, 'awslogs-stream-prefix': 'run' },
          },
          ...container,
        },
      ],
    }),
  )
  const events = await hearTasks(name, cluster.cluster?.clusterArn)
  const tasks = () => tasksOf(name)
  return {
    name,
    taskDefinition: taskDefinition?.taskDefinitionArn ?? '',
    tasks,
    nextEvents: events.next,
    firstLine: (task: string) => firstLine(name, `run/runner/${task}`),
    close: async () => {
      await Promise.all(
        (await tasks()).map(({ taskArn }) => ecs.send(new StopTaskCommand({ cluster: name, task: taskArn }))),
      )
      await events.close()
      await ecs.send(
        new DeregisterTaskDefinitionCommand({ taskDefinition: taskDefinition?.taskDefinitionArn }),
      )
      await ecs.send(new DeleteClusterCommand({ cluster: name }))
      await logs.send(new DeleteLogGroupCommand({ logGroupName: name }))
    },
  }
}

/** A program of test/fixtures/runners as what the task runs. */
export function programOf(program: Program): Partial<ContainerDefinition> {
  const file = join(import.meta.dirname, '../../../fixtures/runners', `${program}.mjs`)
  return { command: ['node', '--input-type=module', '--eval', readFileSync(file, 'utf8')] }
}

async function tasksOf(cluster: string): Promise<Task[]> {
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster }))
  if (taskArns.length === 0) return []
  const { tasks = [] } = await ecs.send(
    new DescribeTasksCommand({ cluster, tasks: taskArns, include: ['TAGS'] }),
  )
  return tasks
}

async function hearTasks(name: string, clusterArn: string | undefined) {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }))
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  )
  const pattern = {
    source: ['aws.ecs'],
    'detail-type': ['ECS Task State Change'],
    detail: { clusterArn: [clusterArn] },
  }
  await bridge.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }))
  await bridge.send(
    new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'queue', Arn: Attributes?.QueueArn }] }),
  )
  return {
    next: async (): Promise<unknown[]> => {
      const request = { QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request))
      return Messages.map(({ Body = '' }) => JSON.parse(Body))
    },
    close: async () => {
      await bridge.send(new RemoveTargetsCommand({ Rule: name, Ids: ['queue'] }))
      await bridge.send(new DeleteRuleCommand({ Name: name }))
      await sqs.send(new DeleteQueueCommand({ QueueUrl }))
    },
  }
}

async function firstLine(logGroupName: string, logStreamName: string): Promise<string> {
  for (;;) {
    const request = new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true })
    const { events = [] } = await logs.send(request).catch((error: unknown) => {
      if (error instanceof ResourceNotFoundException) return { events: [] }
      throw error
    })
    if (events[0]?.message !== undefined) return events[0].message
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
