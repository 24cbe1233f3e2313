import { setTimeout as sleep } from 'node:timers/promises'
import type { Ingress, Needs } from '../../control/ports.ts'
import type { EndpointOwner } from '../../control/store-port.ts'
import type { ForwardRequest, ForwardResult } from '../../protocol/forwarding.ts'
import { type BalancerResult, readBalancerEvent } from '../balancer-event.ts'
import { WaitingVisit } from '../waiting-visit.ts'

export interface SoughtEndpoint {
  owner: EndpointOwner
  /** What the container is to see of the path. */
  path: string
  /** Why there will be no container. */
  fault: string | undefined
  /** Whether requests go to containers without coming here. */
  isServed: boolean
}

export interface WaitingPorts extends Needs<'store' | 'worklist' | 'clock'> {
  ingress: Pick<Ingress, 'url'>
  endpoints: { find(sought: { host: string; path: string }): Promise<SoughtEndpoint | undefined> }
  forwarder: { send(request: ForwardRequest): Promise<ForwardResult> }
  pause?: (ms: number) => Promise<void>
}

/** Takes the web requests whose function has no container yet: has one started, waits for it and hands them over. */
export function makeWebRequestWaitingHandler(
  ports: WaitingPorts,
): (event: unknown) => Promise<BalancerResult> {
  const { pause = sleep } = ports
  return async (event) => new WaitingVisit({ ...ports, pause }, readBalancerEvent(event)).answer()
}
