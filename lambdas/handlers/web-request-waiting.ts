import { setTimeout as sleep } from 'node:timers/promises'
import { type BalancerResult, readBalancerEvent } from '../balancer-event.ts'
import { type WaitingPorts, WaitingVisit } from '../waiting-visit.ts'

/** Takes the web requests whose function has no container yet: has one started, waits for it and hands them over. */
export function makeWebRequestWaitingHandler(
  ports: WaitingPorts,
): (event: unknown) => Promise<BalancerResult> {
  const { pause = sleep } = ports
  return async (event) => new WaitingVisit({ ...ports, pause }, readBalancerEvent(event)).answer()
}
