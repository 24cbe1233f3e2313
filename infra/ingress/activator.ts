import { Duration, Stack } from 'aws-cdk-lib'
import {
  type IApplicationLoadBalancerTarget,
  type IApplicationTargetGroup,
  type LoadBalancerTargetProps,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import type { Context } from '../context.ts'
import type { DataStack } from '../data-stack.ts'
import { Handler } from '../handler.ts'
import { records, store } from '../means/store.ts'
import { worklist } from '../means/worklist.ts'
import type { NetworkStack } from '../network-stack.ts'
import { Forwarder } from './forwarder.ts'

/** The handler waits a minute for a container, gives it two to answer, and half of one more to be reachable by itself. */
const TIMEOUT = Duration.seconds(240)
/** It waits, mostly. */
const MEMORY_MB = 256

export interface ActivatorProps {
  context: Context
  network: NetworkStack
  data: DataStack
  /** Where endpoints are. */
  url: string
}

/** Where requests wait while their function has no container, and wake it. */
export class Activator extends Construct implements IApplicationLoadBalancerTarget {
  readonly handler: Handler

  constructor(scope: Construct, id: string, { context, network, data, url }: ActivatorProps) {
    super(scope, id)
    const forwarder = new Forwarder(this, 'Forwarder', { context, network })
    this.handler = new Handler(this, 'Handler', {
      context,
      entry: 'events/web-request-waiting',
      description: 'has web requests wait for a container',
      timeout: TIMEOUT,
      memoryMb: MEMORY_MB,
      means: [
        store(data, { apps: ['read', 'put'], containers: ['read'] }),
        worklist(data, 'ask'),
        records(data, 'GetItem'),
        {
          settings: {
            forwarder: forwarder.handler.function.functionName,
            ingressUrl: url,
            ...(context.domain !== undefined && { ingressDomain: context.domain }),
          },
          rights: [
            { actions: ['lambda:InvokeFunction'], resources: [forwarder.handler.function.functionArn] },
          ],
        },
      ],
      failing: 'Web requests that woke a function were answered with an error.',
    })
    this.handler.function.addPermission('LoadBalancers', {
      principal: new ServicePrincipal('elasticloadbalancing.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
    })
  }

  attachToApplicationTargetGroup(group: IApplicationTargetGroup): LoadBalancerTargetProps {
    // Elastic Load Balancing refuses a target that it may not invoke.
    group.node.addDependency(this.handler.function)
    return { targetType: TargetType.LAMBDA, targetJson: { id: this.handler.function.functionArn } }
  }
}
