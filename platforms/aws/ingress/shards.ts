import * as z from 'zod'
import type { Settings } from '../settings.ts'

/** One of the load balancers that endpoints are spread over. */
export interface IngressShard {
  listenerArn: string
  /** The Lambda target that requests wait at while their function has no container. */
  activatorTargetGroupArn: string
  loadBalancerDns: string
  /** Of the load balancer's own name, for an alias to it. */
  hostedZoneId?: string | undefined
}

/** As the stacks describe one, in this order: names would not fit beside the rest that a function is told. */
const Told = z.tuple([z.string(), z.string(), z.string(), z.string().optional()])

/** @throws where the stacks say something else than is known here */
export function shardsIn(settings: Settings): IngressShard[] {
  const told = z.array(Told).min(1).parse(JSON.parse(settings.ingressShards))
  return told.map(([listenerArn, activatorTargetGroupArn, loadBalancerDns, hostedZoneId]) => ({
    listenerArn,
    activatorTargetGroupArn,
    loadBalancerDns,
    hostedZoneId,
  }))
}
