import { once } from 'node:events'
import { request } from 'node:http'
import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs'
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  RegisterTargetsCommand,
  waitUntilTargetInService,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { until } from '../e2e/reached.ts'
import { randomPrefix } from '../platforms/aws/account.ts'

const ecs = new ECSClient()
const elb = new ElasticLoadBalancingV2Client()
const sqs = new SQSClient()
const IMAGE = 'localhost/node:24'
const PORT = 8080
const HEALTHY_WITHIN_SECONDS = 30

/** Says its word to whoever asks, and ends in its own way when it is told to. */
const SERVER = `process.on('SIGTERM', () => process.exit(3))
require('node:http').createServer((_, response) => response.end(process.env.WORD)).listen(${PORT})`

export async function makeQueue(): Promise<{ url: string; arn: string }> {
  const name = `${randomPrefix()}queue`
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }))
  return { url: QueueUrl, arn: `arn:aws:sqs:us-east-1:000000000000:${name}` }
}

/** The bodies of the queue's messages as they come, parsed. */
export async function* messagesOf<T>({ url: QueueUrl }: { url: string }): AsyncGenerator<T> {
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
    for (const { Body = '', ReceiptHandle } of Messages) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
      yield JSON.parse(Body) as T
    }
  }
}

/** A cluster, and tasks in it that serve one word over HTTP. */
export class Cluster {
  readonly name = randomPrefix()

  async make(): Promise<this> {
    await ecs.send(new CreateClusterCommand({ clusterName: this.name }))
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: this.name,
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: [{ name: 'main', image: IMAGE, command: ['node', '-e', SERVER] }],
      }),
    )
    return this
  }

  async run(word: string, clientToken: string): Promise<Task> {
    const { tasks = [] } = await ecs.send(
      new RunTaskCommand({
        cluster: this.name,
        taskDefinition: this.name,
        launchType: 'FARGATE',
        clientToken,
        group: this.name,
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        overrides: { containerOverrides: [{ name: 'main', environment: [{ name: 'WORD', value: word }] }] },
      }),
    )
    const [task] = tasks
    if (!task) throw new Error('The task was not started.')
    return task
  }

  async addressOf({ taskArn = '' }: Task): Promise<string> {
    const request = new DescribeTasksCommand({ cluster: this.name, tasks: [taskArn] })
    for (;;) {
      const { tasks: [task] = [] } = await ecs.send(request)
      const details = task?.attachments?.[0]?.details ?? []
      const address = details.find(({ name }) => name === 'privateIPv4Address')?.value
      if (task?.lastStatus === 'RUNNING' && address) return address
      if (task?.lastStatus === 'STOPPED') throw new Error(task.stoppedReason)
    }
  }

  /** A task runs before its program does, which hears of no signal until it serves. */
  async serving(task: Task): Promise<void> {
    const url = `http://${await this.addressOf(task)}:${PORT}`
    const isServing = () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    await until('the task to serve', isServing)
  }

  async list(): Promise<string[]> {
    return (await ecs.send(new ListTasksCommand({ cluster: this.name }))).taskArns ?? []
  }

  async stop(task: string): Promise<void> {
    await ecs.send(new StopTaskCommand({ cluster: this.name, task, reason: 'The test is over' }))
  }

  async delete(): Promise<void> {
    for (const task of await this.list()) await this.stop(task)
    await ecs.send(new DeleteClusterCommand({ cluster: this.name }))
  }
}

/** A load balancer with one rule: what is for `host` goes to one target group, and later to another. */
export class LoadBalancer {
  readonly name = randomPrefix().slice(0, -1)
  readonly host = `${this.name}.example.com`
  readonly #groups: string[] = []
  #asked = 0
  #arn = ''
  #rule = ''
  address = ''

  async make(): Promise<this> {
    const made = await elb.send(new CreateLoadBalancerCommand({ Name: this.name, Subnets: ['subnet-1'] }))
    const { LoadBalancerArn = '', DNSName = '' } = made.LoadBalancers?.[0] ?? {}
    this.#arn = LoadBalancerArn
    this.address = DNSName
    return this
  }

  async groupOf(target: string): Promise<string> {
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({
        Name: `${this.name}-${this.#asked++}`,
        TargetType: 'ip',
        Protocol: 'HTTP',
        Port: PORT,
        VpcId: 'vpc-1',
      }),
    )
    const arn = TargetGroups?.[0]?.TargetGroupArn ?? ''
    this.#groups.push(arn)
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [{ Id: target }] }))
    return arn
  }

  /** The others keep a weight of 0, so that their targets stay in use and are looked at. */
  async forwardTo(group: string): Promise<void> {
    const groups = this.#groups.map((arn) => ({ TargetGroupArn: arn, Weight: arn === group ? 1 : 0 }))
    const Actions: Action[] = [{ Type: 'forward', ForwardConfig: { TargetGroups: groups } }]
    if (this.#rule === '') await this.#makeRule(Actions)
    else await elb.send(new ModifyRuleCommand({ RuleArn: this.#rule, Actions }))
    const waiter = { client: elb, maxWaitTime: HEALTHY_WITHIN_SECONDS, minDelay: 1, maxDelay: 1 }
    await waitUntilTargetInService(waiter, { TargetGroupArn: group })
  }

  async #makeRule(Actions: Action[]): Promise<void> {
    const notFound: Action = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }
    const listener = { LoadBalancerArn: this.#arn, Protocol: 'HTTP' as const, Port: 80 }
    const { Listeners } = await elb.send(
      new CreateListenerCommand({ ...listener, DefaultActions: [notFound] }),
    )
    const conditions = [{ Field: 'host-header', HostHeaderConfig: { Values: [this.host] } }]
    const ListenerArn = Listeners?.[0]?.ListenerArn
    const rule = new CreateRuleCommand({ ListenerArn, Priority: 1, Conditions: conditions, Actions })
    this.#rule = (await elb.send(rule)).Rules?.[0]?.RuleArn ?? ''
  }

  async get(host = this.host): Promise<{ status: number | undefined; body: string }> {
    const sent = request({ host: this.address, headers: { host } }).end()
    const [response] = await once(sent, 'response')
    let body = ''
    for await (const chunk of response) body += chunk
    return { status: response.statusCode, body }
  }

  async delete(): Promise<void> {
    await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: this.#arn }))
    for (const arn of this.#groups) await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn }))
  }
}
