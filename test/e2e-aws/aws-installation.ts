import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { type CommandResult, Reached, sluice } from '../e2e/reached.ts'
import type { Outputs } from './stacks.ts'

/** Sluice as the stacks have installed it, reached through its API's gateway and its load balancer. */
export class AwsInstallation extends Reached {
  readonly url: string
  readonly token: string
  readonly consoleUrl: string
  /** Passes notices on. */
  readonly topic: string
  readonly #domain: string
  readonly #ingressAddress: string
  readonly #signedApiUrl: string

  private constructor(found: {
    outputs: Outputs
    domain: string
    token: string
    ingressAddress: string
  }) {
    super()
    this.url = read(found.outputs, 'ApiUrl')
    this.consoleUrl = read(found.outputs, 'ConsoleUrl')
    this.#signedApiUrl = read(found.outputs, 'SignedApiUrl')
    this.token = found.token
    this.topic = read(found.outputs, 'NoticeTopic')
    this.#domain = found.domain
    this.#ingressAddress = found.ingressAddress
  }

  /** With a first token, got as the output says that an operator gets it. */
  static async open(outputs: Outputs, domain: string): Promise<AwsInstallation> {
    const token = await firstToken(read(outputs, 'FirstToken'))
    const { LoadBalancers: [loadBalancer] = [] } = await new ElasticLoadBalancingV2Client().send(
      new DescribeLoadBalancersCommand({}),
    )
    return new AwsInstallation({ outputs, domain, token, ingressAddress: loadBalancer?.DNSName ?? '' })
  }

  /** The load balancer has an address of its own; a resolver would lead the endpoint's name there. */
  address(label: string): { origin: string; host: string } {
    return { origin: `http://${this.#ingressAddress}`, host: `${label}.${this.#domain}` }
  }

  /** Runs a command without a token, as whom the AWS credentials in the environment stand for. */
  async signed(...args: string[]): Promise<CommandResult> {
    return sluice(args, { SLUICE_URL: this.#signedApiUrl, SLUICE_AUTH: 'aws' })
  }
}

/** What `aws lambda invoke --function-name … --payload '…'` does. */
async function firstToken(command: string): Promise<string> {
  const [, name] = /--function-name (\S+)/.exec(command) ?? []
  const [, payload = ''] = /--payload '([^']*)'/.exec(command) ?? []
  const { Payload = new Uint8Array() } = await new LambdaClient().send(
    new InvokeCommand({ FunctionName: name, Payload: Buffer.from(payload) }),
  )
  return JSON.parse(Buffer.from(Payload).toString()).token
}

function read(outputs: Outputs, name: string): string {
  const value = outputs[name]
  if (value === undefined) throw new Error(`The stacks have no output ${name}, only ${Object.keys(outputs)}.`)
  return value
}
