import type { FunctionSpec, Schedule } from '../protocol/manifest.ts'
import type { AppKey } from '../protocol/names.ts'
import { own } from '../protocol/own.ts'
import { nextSlot, slotAt } from '../protocol/slots.ts'
import { type AcceptPorts, accept } from './calls.ts'
import { asMade, slotKey } from './made-firings.ts'
import { canonical } from './manifest-hash.ts'
import { tellMissed } from './missed.ts'
import { keyOf, type Version } from './model.ts'
import type { NoticePorts } from './notices.ts'
import type { Needs } from './ports.ts'
import { type Firing, isPausedAt, type ScheduleRecord } from './schedule-model.ts'
import { forgetAt } from './schedule-retention.ts'

/** A scheduler's word that a slot has come. */
export interface FiringWord {
  key: AppKey
  function: string
  schedule: Schedule
  /** The time that was scheduled, not the time of the firing: milliseconds since the epoch. */
  slot: number
  /** Why it comes this way, where it is not the usual one. */
  reason?: string | undefined
}

export type FiringPorts = AcceptPorts & NoticePorts & Needs<'missedMs'>

/** A slot of a schedule that the live version has. */
interface Due extends AppKey {
  function: string
  slot: number
  now: number
  live: Version
  spec: FunctionSpec
  schedule: Schedule
  anchor: number
  record: ScheduleRecord | undefined
}

type Outcome = Pick<Firing, 'outcome' | 'call' | 'reason'>

/**
 * Sees to one slot: it becomes a call, or a record that says why not. A slot that fires twice makes one call; one whose
 * schedule the live version no longer has is none.
 */
export async function scheduleFired(ports: FiringPorts, word: FiringWord): Promise<void> {
  const due = await look(ports, word)
  if (!due) return
  const { slot, now, schedule, anchor, function: name } = due
  const key = keyOf(due)
  const known = await ports.store.firing(key, name, slot)
  const outcome = known ? await correct(ports, due, known) : await meet(ports, due)
  if (outcome)
    await ports.store.recordFiring({
      ...key,
      function: name,
      slot,
      at: now,
      ...(word.reason !== undefined && { reason: word.reason }),
      ...outcome,
      forgetAt: forgetAt(schedule, anchor, slot),
    })
  await ports.store.expectFiring(key, name, slot, nextSlot(schedule, anchor, slot))
}

async function look(
  ports: Needs<'clock' | 'store'>,
  { key, function: name, schedule, slot: at }: FiringWord,
): Promise<Due | undefined> {
  const scheduled = await findScheduled(ports, key, name, schedule)
  if (!scheduled) return undefined
  const record = await ports.store.schedule(key, name)
  const anchor = record?.anchor
  // Where nothing is known of its phase, the scheduler's word has to do.
  const slot = schedule.type === 'period' && anchor === undefined ? at : slotAt(schedule, anchor ?? 0, at)
  if (slot === undefined) return undefined
  return {
    ...keyOf(key),
    function: name,
    slot,
    now: ports.clock.now(),
    ...scheduled,
    schedule,
    anchor: anchor ?? at,
    record,
  }
}

/** The live version, and what it says of a function; undefined unless that has this very schedule. */
export async function findScheduled(
  { store }: Needs<'store'>,
  key: AppKey,
  name: string,
  schedule: Schedule,
): Promise<{ live: Version; spec: FunctionSpec } | undefined> {
  const app = await store.app(key)
  if (app?.state !== 'deployed' || app.liveVersion === undefined) return undefined
  const live = await store.version(key, app.liveVersion)
  const functions = live?.manifest.functions ?? {}
  const spec = own(functions, name)
  const isSame = spec?.schedule && canonical(spec.schedule) === canonical(schedule)
  return live && spec && isSame ? { live, spec } : undefined
}

/** Of words that come at once, one may make the call while another records why there is none. */
async function correct(ports: Needs<'store'>, due: Due, known: Firing): Promise<Outcome | undefined> {
  return known.call === undefined ? findMade(ports, due) : undefined
}

async function findMade({ store }: Needs<'store'>, due: Due): Promise<Outcome | undefined> {
  const made = await store.callByKey(keyOf(due), slotKey(due.function, due.slot))
  return made && asMade(made, due.slot)
}

async function meet(ports: FiringPorts, due: Due): Promise<Outcome> {
  const { slot, now, spec, record, function: name } = due
  const key = keyOf(due)
  const made = await findMade(ports, due)
  if (made) return made
  if (record && isPausedAt(record, slot)) return { outcome: 'paused' }
  if (now - slot > ports.missedMs && isOutrun(due)) {
    await tellMissed(ports, due.live, name, [slot])
    return { outcome: 'missed', reason: OUTRUN }
  }
  // The call that is at work may be this very slot's, of another word of it.
  if (spec.overlap === 'skip' && (await ports.store.hasActiveScheduledCall(key, name)))
    return (await findMade(ports, due)) ?? { outcome: 'skipped' }
  const args = { json: '[]' }
  const idempotencyKey = slotKey(name, slot)
  const call = await accept(ports, {
    key,
    function: name,
    args,
    source: 'schedule',
    by: 'schedule',
    idempotencyKey,
  })
  return asMade(call, slot)
}

const OUTRUN = 'It came after the next one was due.'

/** Only the latest slot is made up for: who missed several does not want them all at once. */
function isOutrun({ schedule, anchor, slot, now }: Due): boolean {
  return (nextSlot(schedule, anchor, slot) ?? Number.POSITIVE_INFINITY) <= now
}
