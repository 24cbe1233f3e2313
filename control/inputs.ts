import type { Input } from '../protocol/calls.ts'
import { enqueue } from './calls.ts'
import { type Call, type Container, keyOf } from './model.ts'
import type { Hint, Needs, QueueKey } from './ports.ts'

/** Hints that one wait can bring. */
const MOST_TOLD = 10

/** Calls that are pinned to its version, and all others once its version is the live one. */
export async function queuesOf(ports: Needs<'store'>, container: Container): Promise<QueueKey[]> {
  const queue = { ...keyOf(container), function: container.function }
  const pinned = { ...queue, pin: container.version }
  if (container.state !== 'ready') return []
  const app = await ports.store.app(container)
  return app?.liveVersion === container.version ? [queue, pinned] : [pinned]
}

/** What a container was told where it waited, and has no use for any more, is for another one. */
export async function giveBack(ports: Needs<'queue'>, container: Container, wake: string): Promise<void> {
  const common = { ...keyOf(container), function: container.function }
  const queues = [common, { ...common, pin: container.version }]
  const held = { holdMs: 0, interrupted: Promise.resolve() }
  const { hints } = await ports.queue.receive({ queues, max: MOST_TOLD, wake, ...held })
  for (const hint of hints) await ports.queue.settle(hint, 'return')
}

export async function claim(
  ports: Needs<'blobs' | 'clock' | 'ids' | 'queue' | 'store' | 'worklist'>,
  container: Container,
  hints: Hint[],
): Promise<{ inputs: Input[]; stale: boolean }> {
  const inputs: Input[] = []
  let stale = false
  for (const hint of hints) {
    const call = await ports.store.claimCall(hint.callId, container, ports.ids.next('le'), ports.clock.now())
    if (call) {
      await ports.queue.settle(hint, 'drop')
      inputs.push(await inputOf(ports, call))
    } else if (await passOn(ports, container, hint)) {
      stale = true
    }
  }
  return { inputs, stale }
}

/** Lets go of a hint that this container cannot use; true if it is not in the way of others any more. */
async function passOn(
  ports: Needs<'clock' | 'queue' | 'store' | 'worklist'>,
  container: Container,
  hint: Hint,
): Promise<boolean> {
  const call = await ports.store.call(hint.callId)
  if (call?.status !== 'pending') {
    await ports.queue.settle(hint, 'drop')
    return true
  }
  const isEarly = call.availableAt > ports.clock.now()
  const isForAnotherVersion = call.pin !== undefined && call.pin !== container.version
  if (!isEarly && !isForAnotherVersion) {
    await ports.queue.settle(hint, 'return')
    return false
  }
  // Returned to where it was, it would come back to this very request, again and again.
  await ports.queue.settle(hint, 'drop')
  await enqueue(ports, call)
  return true
}

async function inputOf(ports: Needs<'blobs'>, call: Call): Promise<Input> {
  const args = 'json' in call.args ? call.args : { url: await ports.blobs.downloadUrl(call.args.blob) }
  return {
    callId: call.id,
    lease: call.lease ?? '',
    attempt: call.attempts,
    waitedMs: Math.max(0, (call.startedAt ?? 0) - call.availableAt),
    args,
    pinned: call.pin !== undefined,
  }
}
