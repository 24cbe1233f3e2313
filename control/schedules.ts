import type { Schedule } from '../protocol/manifest.ts'
import type { AppKey } from '../protocol/names.ts'
import { accept } from './calls.ts'
import { canonical } from './manifest-hash.ts'
import type { Needs } from './ports.ts'

export interface Firing {
  key: AppKey
  function: string
  schedule: Schedule
  /** The time that was scheduled, not the time of the firing: milliseconds since the epoch. */
  slot: number
}

/**
 * Makes the call of one slot. A slot that fires twice makes one call; one whose schedule the live version no longer has,
 * or whose predecessor still runs where overlap is to be skipped, makes none.
 */
export async function scheduleFired(
  ports: Needs<'clock' | 'ids' | 'keys' | 'queue' | 'store' | 'worklist'>,
  { key, function: name, schedule, slot }: Firing,
): Promise<void> {
  const app = await ports.store.app(key)
  if (app?.state !== 'deployed' || app.liveVersion === undefined) return
  const live = await ports.store.version(key, app.liveVersion)
  const spec = live?.manifest.functions[name]
  if (!spec?.schedule || canonical(spec.schedule) !== canonical(schedule)) return
  if (spec.overlap === 'skip' && (await ports.store.hasActiveScheduledCall(key, name))) return
  await accept(ports, {
    key,
    function: name,
    args: { json: '[]' },
    source: 'schedule',
    idempotencyKey: `schedule/${name}/${slot}`,
  })
}
