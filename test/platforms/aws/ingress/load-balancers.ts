import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  type Rule,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { IngressShard } from '../../../../platforms/aws/ingress/shards.ts'
import { randomPrefix } from '../account.ts'

export const VPC = 'vpc-12345678'

/** A load balancer as the stacks make it: what has no rule answers 404. */
export interface LoadBalancer {
  shard: IngressShard
  /** Those of endpoints. */
  rules(): Promise<Rule[]>
  groups(): Promise<TargetGroup[]>
  delete(): Promise<void>
}

/** @param activator the ARN of a target group; without one, of a group that has no targets */
export async function makeLoadBalancer(activator?: string): Promise<LoadBalancer> {
  const client = new ElasticLoadBalancingV2Client()
  const { LoadBalancers: [balancer] = [] } = await client.send(
    new CreateLoadBalancerCommand({ Name: `${randomPrefix()}alb`, Type: 'application' }),
  )
  const LoadBalancerArn = balancer?.LoadBalancerArn ?? ''
  const { Listeners: [listener] = [] } = await client.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    }),
  )
  const ListenerArn = listener?.ListenerArn ?? ''
  const own = activator === undefined ? await makeEmptyGroup(client) : undefined
  const rules = async () => {
    const { Rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn }))
    return Rules.filter(({ IsDefault }) => !IsDefault)
  }
  const groups = async () => {
    const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }))
    return TargetGroups.filter(({ TargetGroupArn }) => TargetGroupArn !== (activator ?? own))
  }
  return {
    shard: {
      listenerArn: ListenerArn,
      activatorTargetGroupArn: activator ?? own ?? '',
      loadBalancerDns: balancer?.DNSName ?? '',
      hostedZoneId: balancer?.CanonicalHostedZoneId ?? '',
    },
    rules,
    groups,
    delete: async () => {
      const doomed = await groups()
      await client.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }))
      for (const arn of [own, ...doomed.map(({ TargetGroupArn }) => TargetGroupArn)]) {
        if (arn !== undefined) await client.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn }))
      }
    },
  }
}

async function makeEmptyGroup(client: ElasticLoadBalancingV2Client): Promise<string> {
  const { TargetGroups: [group] = [] } = await client.send(
    new CreateTargetGroupCommand({
      Name: `${randomPrefix()}none`,
      TargetType: 'ip',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: VPC,
    }),
  )
  return group?.TargetGroupArn ?? ''
}
