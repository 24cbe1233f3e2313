import { Duration } from 'aws-cdk-lib'
import { Effect, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import type { Context } from '../context.ts'
import { Handler } from '../handler.ts'
import type { NetworkStack } from '../network-stack.ts'

/** A little more than a container is given to answer. */
const TIMEOUT = Duration.seconds(130)
/** It waits, mostly. */
const MEMORY_MB = 256
/** What Lambda does to have a function in a network (AWS Lambda, "Giving Lambda functions access to resources in an Amazon VPC"). */
const JOINING = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
]

export interface ForwarderProps {
  context: Context
  network: NetworkStack
}

/** Reaches containers from inside the network, on behalf of the activator. Its code may do nothing else, and knows nothing. */
export class Forwarder extends Construct {
  readonly handler: Handler

  constructor(scope: Construct, id: string, { context, network }: ForwarderProps) {
    super(scope, id)
    this.handler = new Handler(this, 'Handler', {
      context,
      entry: 'events/web-request-forwarded',
      description: 'sends a web request to the container that it woke',
      timeout: TIMEOUT,
      memoryMb: MEMORY_MB,
      network: {
        vpc: network.vpc,
        vpcSubnets: network.containerSubnets,
        securityGroups: [network.forwarder],
      },
      means: [
        {
          rights: [
            {
              actions: JOINING,
              resources: ['*'],
              because: 'Lambda makes a network interface, whose name cannot be told beforehand.',
            },
          ],
        },
      ],
    })
    // The service uses the function's role for it, and only the function's code says which function it is.
    new Policy(this, 'NotForCode', {
      roles: [this.handler.role],
      statements: [
        new PolicyStatement({
          effect: Effect.DENY,
          actions: JOINING,
          resources: ['*'],
          conditions: { ArnEquals: { 'lambda:SourceFunctionArn': this.handler.function.functionArn } },
        }),
      ],
    })
  }
}
