import * as z from 'zod'
import type { Settings } from '../settings.ts'

/** One of the load balancers that endpoints are spread over, as the stacks describe it. */
const IngressShard = z.strictObject({
  listenerArn: z.string(),
  /** The Lambda target that requests wait at while their function has no container. */
  activatorTargetGroupArn: z.string(),
  loadBalancerDns: z.string(),
  /** Of the load balancer's own name, for an alias to it. */
  hostedZoneId: z.string().optional(),
})
export type IngressShard = z.infer<typeof IngressShard>

/** @throws where the stacks say something else than is known here */
export function shardsIn(settings: Settings): IngressShard[] {
  return z.array(IngressShard).min(1).parse(JSON.parse(settings.ingressShards))
}
