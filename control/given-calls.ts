import type { Call, Container } from './model.ts'
import { keyOf } from './model.ts'
import { type OutcomePorts, recordOutcome, releaseLost } from './outcomes.ts'
import { DELIVERY_MS, DRAIN_GRACE_MS } from './policy.ts'
import type { Needs } from './ports.ts'

export type GivenCallPorts = OutcomePorts & Needs<'listeningSince' | 'overrunMs'>

type GivenCall = Call & { lease: string }

/** Sees to the calls that a container holds by what it says: those that never reached it, and those that it never ends. */
export async function seeToGivenCalls(
  ports: GivenCallPorts,
  container: Container,
  known: ReadonlySet<string>,
): Promise<void> {
  const now = ports.clock.now()
  for (const call of await ports.store.runningCalls(container.id)) {
    if (!isGiven(call)) continue
    const passed = now - (call.startedAt ?? 0)
    if (!known.has(call.lease)) {
      // An answer that carried inputs may have been lost on its way.
      const error = { name: 'Lost', message: 'The input did not reach its container.' }
      // Whoever stood still, or whose clock was set, has not waited for it.
      const waited = Math.min(passed, now - ports.listeningSince)
      if (waited >= DELIVERY_MS) await releaseLost(ports, call, error)
    } else if (passed >= longestMs(ports, container)) {
      await endOverrun(ports, container, call, now)
    }
  }
}

const isGiven = (call: Call): call is GivenCall => call.lease !== undefined

function longestMs({ overrunMs }: Needs<'overrunMs'>, { callSeconds }: Container): number {
  return callSeconds === undefined ? Number.POSITIVE_INFINITY : callSeconds * 1000 + overrunMs
}

/**
 * The container lives, says that it works on the call, and should have ended it long ago: that counts as its timeout. It is
 * not trusted with anything else, and killed where it does not leave.
 */
async function endOverrun(
  ports: GivenCallPorts,
  container: Container,
  { id, lease }: GivenCall,
  at: number,
): Promise<void> {
  const version = await ports.store.version(container, container.version)
  const timeout = version?.manifest.functions[container.function]?.timeout ?? 0
  const deadline = at + timeout * 1000 + DRAIN_GRACE_MS
  const reason = 'did not end a call by its timeout'
  // Before the outcome: with it, nothing would bring anybody here again who died in between.
  await ports.store.drainContainer(container.id, { deadline, reason, at })
  await ports.worklist.add(keyOf(container))
  const message = 'The call took longer than its timeout, and its container did not end it.'
  const outcome = { status: 'timed_out', error: { name: 'TimeoutError', message } } as const
  await recordOutcome(ports, container.id, { callId: id, lease, outcome })
}
