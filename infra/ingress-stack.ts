import { Annotations, Stack, type StackProps } from 'aws-cdk-lib'
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53'
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets'
import type { Construct } from 'constructs'
import { LABEL_PLACE } from '../platforms/aws/settings.ts'
import type { Context } from './context.ts'
import type { DataStack } from './data-stack.ts'
import { Activator } from './ingress/activator.ts'
import { LoadBalancer } from './ingress/load-balancer.ts'
import { Shard } from './ingress/shard.ts'
import type { NetworkStack } from './network-stack.ts'

export interface IngressStackProps extends StackProps {
  context: Context
  network: NetworkStack
  data: DataStack
}

/** Where web requests come in. Its addresses stay as they are when the control plane is replaced. */
export class IngressStack extends Stack {
  readonly shards: Shard[]
  /** Where an endpoint is. */
  readonly url: string

  constructor(scope: Construct, id: string, { context, network, data, ...props }: IngressStackProps) {
    super(scope, id, props)
    const makeLoadBalancer = (number: number) =>
      new LoadBalancer(this, `LoadBalancer${number}`, { number, context, network })
    const first = makeLoadBalancer(1)
    const others = Array.from({ length: context.ingressShards - 1 }, (_, index) =>
      makeLoadBalancer(index + 2),
    )
    if (context.certificate === undefined) this.#warnOfPlainHttp()
    this.url = this.#addressesAt(first, context)
    const activator = new Activator(this, 'Activator', { context, network, data, url: this.url })
    this.shards = [first, ...others].map(
      (loadBalancer, index) => new Shard(this, `Shard${index + 1}`, { context, loadBalancer, activator }),
    )
  }

  /** Names below the domain lead to this load balancer, unless one is written for another. */
  #addressesAt(loadBalancer: LoadBalancer, { domain, certificate, hostedZone }: Context): string {
    if (domain === undefined) return `http://${loadBalancer.loadBalancerDnsName}/${LABEL_PLACE}`
    if (hostedZone !== undefined) {
      new ARecord(this, 'Names', {
        zone: HostedZone.fromHostedZoneAttributes(this, 'Zone', {
          hostedZoneId: hostedZone,
          zoneName: domain,
        }),
        recordName: `*.${domain}`,
        target: RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer)),
      })
    }
    return `${certificate === undefined ? 'http' : 'https'}://${LABEL_PLACE}.${domain}`
  }

  #warnOfPlainHttp(): void {
    Annotations.of(this).addWarningV2(
      'sluice:plain-http',
      'Web endpoints will be served over plain HTTP, since there is no certificate. Give -c domain=… -c certificate=… to have them on HTTPS.',
    )
  }
}
