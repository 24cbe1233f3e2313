import type { AppKey } from '../protocol/names.ts'
import { apply, type ReconcilePorts } from './apply.ts'
import { observe } from './observe.ts'
import { plan } from './plan.ts'

/** More rounds than any app should need; the rest waits for the next look. */
const ROUNDS = 50
const LOOK_AGAIN_MS = 1000
/** What is held up waits for a load balancer's checks, or for somebody to raise a quota. */
const AGAIN_MS = { pending: LOOK_AGAIN_MS, blocked: 60_000 } as const

/**
 * Brings the app towards what is wished: observe, plan, apply, until nothing changes.
 * @returns when to look again though nothing happens, milliseconds since the epoch.
 */
export async function reconcile(ports: ReconcilePorts, key: AppKey): Promise<number | undefined> {
  for (let round = 0; round < ROUNDS; round++) {
    const seen = await observe(ports, key)
    if (!seen) return undefined
    const { actions, revisitAt } = plan(seen)
    const outcome = await apply(ports, seen, actions)
    if (outcome === 'done') return revisitAt
    if (outcome !== 'changed')
      return Math.min(revisitAt ?? Number.POSITIVE_INFINITY, seen.now + AGAIN_MS[outcome])
  }
  return ports.clock.now() + LOOK_AGAIN_MS
}
