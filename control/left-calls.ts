import type { AppKey } from '../protocol/names.ts'
import type { Action, Effect } from './action.ts'
import { cancel, enqueue } from './calls.ts'
import { NONE_LIVE, type Version } from './model.ts'
import { dispatch } from './notices.ts'
import { noticeOf } from './outcomes.ts'
import { BATCH } from './policy.ts'
import type { Needs } from './ports.ts'

type CallPorts = Needs<'clock' | 'events' | 'outbox' | 'queue' | 'store' | 'worklist'>

/** Calls of a function that the live version no longer has are run on the last one that had it. */
export async function pin(ports: CallPorts, key: AppKey, name: string): Promise<Effect> {
  const home = await lastVersionWith(ports, key, name)
  if (!home) return 'none'
  await ports.store.pinCalls(key, name, home.version)
  for (const call of await ports.store.pendingCalls(key, name, home.version, BATCH))
    await enqueue(ports, call)
  return 'changed'
}

async function lastVersionWith(ports: CallPorts, key: AppKey, name: string): Promise<Version | undefined> {
  let cursor: string | undefined
  do {
    const page = await ports.store.versions(key, { cursor, limit: BATCH })
    const home = page.items.find(
      ({ liveAt, manifest }) => liveAt !== undefined && Object.hasOwn(manifest.functions, name),
    )
    if (home) return home
    cursor = page.cursor
  } while (cursor !== undefined)
  return undefined
}

export async function failCalls(
  ports: CallPorts,
  key: AppKey,
  action: Action & { do: 'failCalls' },
): Promise<Effect> {
  const calls = await ports.store.pendingCalls(key, action.function, action.pin, BATCH)
  for (const call of calls) {
    const at = ports.clock.now()
    const notice = await noticeOf(ports, call, { status: 'failed', error: action.error }, at)
    if (!(await ports.store.failCall(call.id, action.error, at, notice))) continue
    ports.events.publish(`call:${call.id}`)
    await dispatch(ports, notice)
  }
  return calls.length > 0 ? 'changed' : 'none'
}

export async function cancelCalls(
  ports: CallPorts,
  key: AppKey,
  { function: name, pin: version, through, why }: Action & { do: 'cancelCalls' },
): Promise<Effect> {
  const waiting = await ports.store.pendingCalls(key, name, version, BATCH)
  const calls = waiting.filter(
    ({ acceptedVersion, pin = NONE_LIVE }) => Math.max(acceptedVersion, pin) <= through,
  )
  for (const call of calls) await cancel(ports, call.id, why)
  return calls.length > 0 ? 'changed' : 'none'
}
