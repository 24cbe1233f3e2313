import { Stack } from 'aws-cdk-lib'
import type { Context } from '../context.ts'
import type { DataStack } from '../data-stack.ts'
import { LOAD_BALANCER_PREFIX } from '../ingress/load-balancer.ts'
import type { IngressStack } from '../ingress-stack.ts'
import type { NetworkStack } from '../network-stack.ts'
import type { Right } from '../rights.ts'
import { type Means, together } from './means.ts'
import { records, store } from './store.ts'

/** Begins the names of endpoints' target groups. */
const TARGET_GROUP_PREFIX = 'sluice-'

export interface IngressMeans {
  context: Context
  network: NetworkStack
  data: DataStack
  ingress: IngressStack
}

/** The port `Ingress`, as far as it is asked whether requests still go to a container. */
export function releases(data: DataStack): Means {
  return records(data, 'GetItem')
}

/** The port `Ingress`, as far as endpoints are removed. */
export function removing(means: IngressMeans): Means {
  const { context, network, data, ingress } = means
  const { domain, hostedZone } = context
  return together(
    records(data, 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
    store(data, { containers: ['read'] }),
    {
      settings: {
        vpc: network.vpc.vpcId,
        ingressShards: Stack.of(ingress).toJsonString(ingress.shards.map(({ description }) => description)),
        ingressUrl: ingress.url,
        ...(domain !== undefined && { ingressDomain: domain }),
      },
      rights: [
        {
          actions: ['elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTargetGroups'],
          resources: ['*'],
          because: LOOKED_AT,
        },
        rules(data, 'DeleteRule'),
        targetGroups(data, 'DeleteTargetGroup'),
      ],
    },
    hostedZone === undefined ? {} : naming(data, hostedZone),
  )
}

/** The port `Ingress`. */
export function pointing(means: IngressMeans): Means {
  const { data } = means
  return together(removing(means), records(data, 'ConditionCheckItem'), {
    rights: [
      { actions: ['elasticloadbalancing:DescribeTargetHealth'], resources: ['*'], because: LOOKED_AT },
      {
        actions: NETWORK_LOOKS,
        resources: ['*'],
        because: 'Amazon EC2 has no resources for what is only looked at.',
      },
      { ...rules(data, 'CreateRule'), resources: [arn(data, `listener/app/${LOAD_BALANCER_PREFIX}*`)] },
      rules(data, 'ModifyRule'),
      targetGroups(
        data,
        'CreateTargetGroup',
        'DeregisterTargets',
        'ModifyTargetGroupAttributes',
        'RegisterTargets',
      ),
      tagging(rules(data, 'AddTags'), 'CreateRule'),
      tagging(targetGroups(data, 'AddTags'), 'CreateTargetGroup'),
    ],
  })
}

/**
 * Elastic Load Balancing looks at the network as whoever makes a target group or registers targets (its User Guide,
 * "Elastic Load Balancing API permissions").
 */
const NETWORK_LOOKS = [
  'ec2:DescribeInstances',
  'ec2:DescribeInternetGateways',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
]

const LOOKED_AT = 'Elastic Load Balancing has no resources for what is only looked at.'

function rules(data: DataStack, ...actions: string[]): Right {
  return {
    actions: actions.map((action) => `elasticloadbalancing:${action}`),
    resources: [arn(data, `listener-rule/app/${LOAD_BALANCER_PREFIX}*`)],
    because: 'Each endpoint has a rule, for as long as it is there.',
  }
}

function targetGroups(data: DataStack, ...actions: string[]): Right {
  return {
    actions: actions.map((action) => `elasticloadbalancing:${action}`),
    resources: [arn(data, `targetgroup/${TARGET_GROUP_PREFIX}*`)],
    because: 'Each endpoint has target groups, for as long as it is there.',
  }
}

/** Only what is being made is tagged. */
function tagging(right: Right, createAction: string): Right {
  return { ...right, conditions: { StringEquals: { 'elasticloadbalancing:CreateAction': createAction } } }
}

/** On load balancers but the first, to which the domain's wildcard leads, each endpoint has a name of its own. */
function naming(data: DataStack, hostedZone: string): Means {
  const { partition } = Stack.of(data)
  return {
    settings: { hostedZone },
    rights: [
      {
        actions: ['route53:ChangeResourceRecordSets'],
        resources: [`arn:${partition}:route53:::hostedzone/${hostedZone}`],
      },
    ],
  }
}

function arn(data: DataStack, resource: string): string {
  return Stack.of(data).formatArn({ service: 'elasticloadbalancing', resource })
}
