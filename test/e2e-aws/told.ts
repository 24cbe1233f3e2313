import {
  EventBridgeClient,
  ListEventBusesCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'

const sqs = new SQSClient()
const WAIT_SECONDS = 5

/** A queue that hears what an operator's own tools would: a topic, and the installation's bus. */
export class Told implements AsyncDisposable {
  readonly #url: string
  readonly #arn: string
  /** What has come so far. */
  readonly messages: string[] = []

  private constructor(url: string, arn: string) {
    this.#url = url
    this.#arn = arn
  }

  static async make(): Promise<Told> {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'told' }))
    const request = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] })
    const { Attributes = {} } = await sqs.send(request)
    return new Told(QueueUrl, Attributes.QueueArn ?? '')
  }

  async hearTopic(topic: string): Promise<void> {
    await new SNSClient().send(
      new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: this.#arn }),
    )
  }

  async hearBus(): Promise<void> {
    const events = new EventBridgeClient()
    const { EventBuses = [] } = await events.send(new ListEventBusesCommand({}))
    const EventBusName = EventBuses.find(({ Name }) => Name !== 'default')?.Name
    const EventPattern = JSON.stringify({ source: ['sluice'] })
    await events.send(new PutRuleCommand({ Name: 'told', EventBusName, EventPattern }))
    await events.send(
      new PutTargetsCommand({ Rule: 'told', EventBusName, Targets: [{ Id: 'told', Arn: this.#arn }] }),
    )
  }

  /** Whether something has come that is like this. */
  async hasHeard(pattern: RegExp): Promise<boolean> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        WaitTimeSeconds: WAIT_SECONDS,
        MaxNumberOfMessages: 10,
      }),
    )
    this.messages.push(...Messages.map(({ Body = '' }) => Body))
    return this.messages.some((message) => pattern.test(message))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await sqs.send(new DeleteQueueCommand({ QueueUrl: this.#url }))
  }
}
