import { Duration, Validations } from 'aws-cdk-lib'
import { SubnetType } from 'aws-cdk-lib/aws-ec2'
import { ApplicationLoadBalancer, HttpCodeElb } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Construct } from 'constructs'
import { alarm } from '../alarm.ts'
import type { Context } from '../context.ts'
import type { NetworkStack } from '../network-stack.ts'

/** Begins the names of load balancers, by which the control plane is let at their rules. */
export const LOAD_BALANCER_PREFIX = 'sluice-'
/** How long a request may go without a byte either way. It is the longest that a load balancer can wait. */
const IDLE_TIMEOUT = Duration.seconds(4_000)
/** So many in five minutes are no accident. */
const MANY_FAILURES = 10

export interface LoadBalancerProps {
  number: number
  context: Context
  network: NetworkStack
}

/** Where web requests come in from the internet. */
export class LoadBalancer extends ApplicationLoadBalancer {
  constructor(scope: Construct, id: string, { number, context, network }: LoadBalancerProps) {
    const name = `${LOAD_BALANCER_PREFIX}${number}`
    super(scope, id, {
      loadBalancerName: name,
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      internetFacing: true,
      securityGroup: network.loadBalancers,
      deletionProtection: context.deletionProtection,
      dropInvalidHeaderFields: true,
      preserveHostHeader: true,
      idleTimeout: IDLE_TIMEOUT,
    })
    this.#logTo(context.accessLogs, name)
    alarm(this, 'Failures', {
      context,
      metric: this.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT),
      atLeast: MANY_FAILURES,
      says: `The load balancer ${name} could not have web requests answered. Look at the health of its target groups, and at what their containers wrote.`,
    })
  }

  #logTo(bucket: string | undefined, name: string): void {
    if (bucket === undefined) {
      Validations.of(this).acknowledge({
        id: 'AwsSolutions-ELB2',
        reason:
          'Access logs need a bucket that outlives the installation: the operator names one as `accessLogs`.',
      })
      return
    }
    // The construct's own way has to know the region, and writes a policy for a bucket that is not ours.
    this.setAttribute('access_logs.s3.enabled', 'true')
    this.setAttribute('access_logs.s3.bucket', bucket)
    this.setAttribute('access_logs.s3.prefix', name)
  }
}
