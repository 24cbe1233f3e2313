import { Stack, type StackProps, Validations } from 'aws-cdk-lib'
import {
  GatewayVpcEndpointAwsService,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  type SubnetConfiguration,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import type { Construct } from 'constructs'
import { CONTAINER_PORT } from '../platforms/aws/settings.ts'
import type { Context } from './context.ts'

export interface NetworkStackProps extends StackProps {
  context: Context
}

const ZONES = 2
const PUBLIC: SubnetConfiguration = { name: 'Public', subnetType: SubnetType.PUBLIC }
const PRIVATE: SubnetConfiguration = { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS }

/** Where containers run, and who may speak to whom there. */
export class NetworkStack extends Stack {
  readonly vpc: IVpc
  /** Where containers and the forwarder are. */
  readonly containerSubnets: SubnetSelection
  readonly loadBalancers: SecurityGroup
  readonly forwarder: SecurityGroup
  readonly containers: SecurityGroup

  constructor(scope: Construct, id: string, { context, ...props }: NetworkStackProps) {
    super(scope, id, props)
    this.vpc = this.#makeVpc(context)
    this.containerSubnets = { subnetType: context.privateSubnets ? PRIVATE.subnetType : PUBLIC.subnetType }
    this.loadBalancers = this.#makeGroup('LoadBalancers', 'Load balancers of web endpoints')
    this.forwarder = this.#makeGroup('Forwarder', 'Forwarder of requests that wake a container')
    this.containers = new SecurityGroup(this, 'Containers', {
      vpc: this.vpc,
      description: 'Containers: out to anywhere, in by way of the ingress only',
    })
    this.#admitVisitors(context)
    for (const sender of [this.loadBalancers, this.forwarder]) {
      sender.connections.allowTo(this.containers, Port.tcp(CONTAINER_PORT), 'Web requests')
    }
  }

  #makeVpc({ privateSubnets }: Context): IVpc {
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: ZONES,
      // Nothing is in the default group, and a function that may empty groups would be one more thing to guard.
      restrictDefaultSecurityGroup: false,
      // NAT gateways cost more than all else that stands idle.
      natGateways: privateSubnets ? ZONES : 0,
      subnetConfiguration: privateSubnets ? [PUBLIC, PRIVATE] : [PUBLIC],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    })
    Validations.of(vpc).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason:
        'Flow logs cost by traffic, and tell little beside the access logs of the load balancers and the APIs. Whoever must keep them adds them to this network.',
    })
    // Two optional properties of the class are not optional enough for the interface.
    return vpc as IVpc
  }

  #makeGroup(id: string, description: string): SecurityGroup {
    return new SecurityGroup(this, id, { vpc: this.vpc, description, allowAllOutbound: false })
  }

  #admitVisitors({ certificate }: Context): void {
    const ports = certificate === undefined ? [Port.HTTP] : [Port.HTTP, Port.HTTPS]
    for (const port of ports) this.loadBalancers.addIngressRule(Peer.anyIpv4(), port, 'Visitors')
    Validations.of(this.loadBalancers).acknowledge({
      id: 'AwsSolutions-EC23',
      reason: 'Web endpoints are for the internet; nothing else of the installation can be reached from it.',
    })
  }
}
