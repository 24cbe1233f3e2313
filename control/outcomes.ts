import type { CallError, Completion } from '../protocol/calls.ts'
import type { Retries } from '../protocol/manifest.ts'
import type { CallEnd } from './call-store-port.ts'
import { enqueue } from './calls.ts'
import { type Call, keyOf } from './model.ts'
import type { Notice } from './notice-model.ts'
import { dispatch, shortened } from './notices.ts'
import { scheduledCallFailed } from './occasions.ts'
import { LOST_ATTEMPTS } from './policy.ts'
import type { Needs } from './ports.ts'

export type OutcomePorts = Needs<'clock' | 'events' | 'outbox' | 'queue' | 'store' | 'worklist'>

/** Records what became of an input of this container, if its lease still holds; else the outcome belongs to nobody any more. */
export async function recordOutcome(
  ports: OutcomePorts,
  containerId: string,
  { callId, lease, outcome }: Completion,
): Promise<void> {
  const call = await ports.store.call(callId)
  if (call?.lease !== lease || call.container !== containerId || call.status !== 'running') return
  switch (outcome.status) {
    case 'succeeded':
      return finish(ports, call, lease, { status: 'succeeded', result: outcome.result })
    case 'lost':
      return releaseLost(ports, call, outcome.error)
    case 'failed':
    case 'timed_out':
      return failed(ports, call, lease, outcome)
  }
}

/** Has a call run again whose container died under it; one that this happens to again and again is given up. */
export async function releaseLost(ports: OutcomePorts, call: Call, error: CallError): Promise<void> {
  if (call.lease === undefined) return
  if (call.attempts - call.failures >= LOST_ATTEMPTS) {
    const message = `Its container died ${LOST_ATTEMPTS} times while it ran. The last time: ${error.message}`
    return finish(ports, call, call.lease, { status: 'failed', error: { ...error, message } })
  }
  await release(ports, call, call.lease, { failed: false, error, delayMs: 0 })
}

async function failed(
  ports: OutcomePorts,
  call: Call,
  lease: string,
  outcome: { status: 'failed' | 'timed_out'; error: CallError },
): Promise<void> {
  const version = await ports.store.version(call, call.version ?? call.acceptedVersion)
  const retries = version?.manifest.functions[call.function]?.retries
  if (!retries || call.failures >= retries.max) return finish(ports, call, lease, outcome)
  await release(ports, call, lease, {
    failed: true,
    error: outcome.error,
    delayMs: retryDelayMs(retries, call.failures),
  })
}

/** Exponential backoff: `failures` is how many attempts failed before this one. */
export function retryDelayMs(retries: Retries, failures: number): number {
  return 1000 * Math.min(retries.maxDelay, retries.initialDelay * retries.backoff ** failures)
}

async function finish(
  ports: Needs<'clock' | 'events' | 'outbox' | 'store' | 'worklist'>,
  call: Call,
  lease: string,
  end: { status: 'succeeded' | 'failed' | 'timed_out'; result?: Call['result']; error?: CallError },
): Promise<void> {
  const at = ports.clock.now()
  const notice = await noticeOf(ports, call, end, at)
  const ended = await ports.store.finishCall(call.id, lease, {
    status: end.status,
    at,
    ...(end.result && { result: end.result }),
    ...(end.error && { error: end.error }),
    ...(notice && { notice }),
  })
  if (!ended) return
  await dispatch(ports, notice)
  ports.events.publish(`call:${call.id}`)
  // The container may have been kept for this call alone.
  if (call.pin !== undefined) await ports.worklist.add(keyOf(call))
}

/** Nobody waits for what a schedule has called, so somebody is to be told where it fails. */
export async function noticeOf(
  ports: Needs<'store'>,
  call: Call,
  { status, error }: Pick<CallEnd, 'status' | 'error'>,
  at: number,
): Promise<Notice | undefined> {
  if (call.source !== 'schedule' || status === 'succeeded') return undefined
  const version = await ports.store.version(call, call.version ?? call.acceptedVersion)
  return shortened(scheduledCallFailed(call, version, { status, ...(error && { error }) }, at))
}

async function release(
  ports: Needs<'clock' | 'queue' | 'store' | 'worklist'>,
  call: Call,
  lease: string,
  again: { failed: boolean; error: CallError; delayMs: number },
): Promise<void> {
  const at = ports.clock.now()
  const availableAt = at + again.delayMs
  const released = await ports.store.releaseCall(call.id, lease, {
    availableAt,
    failed: again.failed,
    error: again.error,
    at,
  })
  if (!released) return
  await enqueue(ports, { ...call, availableAt })
  // The app may be stopping, or its live version may no longer have the function.
  await ports.worklist.add(keyOf(call))
}
