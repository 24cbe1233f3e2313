import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { Context } from '../context.ts'
import { Handler } from '../handler.ts'
import type { NetworkStack } from '../network-stack.ts'

/** As long as the activator is given in all. */
const TIMEOUT = Duration.seconds(60)
const MEMORY_MB = 256

export interface ForwarderProps {
  context: Context
  network: NetworkStack
}

/** Reaches containers from inside the network, on behalf of the activator. It may do nothing else, and knows nothing. */
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
              // AWS Lambda, "Giving Lambda functions access to resources in an Amazon VPC": what the service needs.
              actions: [
                'ec2:CreateNetworkInterface',
                'ec2:DescribeNetworkInterfaces',
                'ec2:DescribeSubnets',
                'ec2:DeleteNetworkInterface',
                'ec2:AssignPrivateIpAddresses',
                'ec2:UnassignPrivateIpAddresses',
              ],
              resources: ['*'],
              because:
                'Lambda makes the network interfaces by which a function is in a network, and gives them no name that could be told beforehand.',
            },
          ],
        },
      ],
    })
  }
}
