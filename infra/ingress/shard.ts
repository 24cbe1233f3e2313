import {
  type ApplicationListener,
  ApplicationProtocol,
  ApplicationTargetGroup,
  ListenerAction,
  ListenerCertificate,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { Construct } from 'constructs'
import { SluiceError } from '../../protocol/errors.ts'
import type { Context } from '../context.ts'
import type { Activator } from './activator.ts'
import type { LoadBalancer } from './load-balancer.ts'

export interface ShardProps {
  context: Context
  loadBalancer: LoadBalancer
  activator: Activator
}

/** What a load balancer does with requests, until endpoints are put there. */
export class Shard extends Construct {
  /** What the control plane is told of it, in the order of platforms/aws/ingress/shards.ts. */
  readonly description: string[]

  constructor(scope: Construct, id: string, { context, loadBalancer, activator }: ShardProps) {
    super(scope, id)
    // One for each, as a target group belongs to one load balancer.
    const waiting = new ApplicationTargetGroup(this, 'Waiting', {
      targetType: TargetType.LAMBDA,
      targets: [activator],
      multiValueHeadersEnabled: true,
    })
    const listener = listen(loadBalancer, context)
    // Deleting goes the other way round, and the listener takes those rules along that name the target group.
    listener.node.addDependency(waiting)
    this.description = [
      listener.listenerArn,
      waiting.targetGroupArn,
      loadBalancer.loadBalancerDnsName,
      loadBalancer.loadBalancerCanonicalHostedZoneId,
    ]
  }
}

function listen(loadBalancer: LoadBalancer, { certificate }: Context): ApplicationListener {
  const defaults = { open: false, defaultAction: nothingThere() }
  if (certificate === undefined)
    return loadBalancer.addListener('Http', { ...defaults, protocol: ApplicationProtocol.HTTP })
  loadBalancer.addRedirect({ open: false })
  return loadBalancer.addListener('Https', {
    ...defaults,
    protocol: ApplicationProtocol.HTTPS,
    certificates: [ListenerCertificate.fromArn(certificate)],
  })
}

/** For every name that no endpoint has. A load balancer cannot answer in the type of problems. */
function nothingThere(): ListenerAction {
  const problem = new SluiceError(
    'endpoint_not_found',
    'No app is served at this address. `sluice app list` names those in use.',
  ).toProblem()
  return ListenerAction.fixedResponse(problem.status, {
    contentType: 'application/json',
    messageBody: JSON.stringify(problem),
  })
}
