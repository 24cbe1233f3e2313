import type { CallView, VersionView } from '../../protocol/api.ts'
import type { ScheduleView } from '../../protocol/schedules.ts'
import { APP } from './app.ts'
import type { Told } from './callers.ts'
import type { Field } from './field.ts'

const PAGE = 100
/** Seconds that the API holds an answer for a call that has not ended. */
const WAIT = 20

/** Holds what the platform has on record against what was asked of it. */
export async function audit(field: Field, told: readonly Told[]): Promise<void> {
  await auditCalls(field, told)
  await auditVersions(field)
  await auditSchedules(field)
}

/** Each call that was accepted is there once and has ended as its caller was told; and nobody made any others. */
async function auditCalls({ installation, ledger }: Field, told: readonly Told[]): Promise<void> {
  const kept = new Map<string, CallView>()
  const going: string[] = []
  let others = 0
  for await (const call of pages<CallView>(installation, 'calls')) {
    if (kept.has(call.id)) ledger.fault(`call ${call.id} is listed twice`)
    kept.set(call.id, call)
    if (call.endedAt === undefined) going.push(call.id)
    if (call.parent !== undefined || call.function === 'minutely') others += 1
  }
  for (const id of going) {
    const call = await ended(installation, id)
    if (call.endedAt === undefined) ledger.fault(`call ${id} has not ended: ${JSON.stringify(call)}`)
  }
  for (const { id, n, view } of told) {
    const call = kept.get(id)
    if (!call) ledger.fault(`call ${n}, ${id}, is lost`)
    else if (call.status !== view.status || call.endedAt !== view.endedAt)
      ledger.fault(`call ${n} ended twice: ${JSON.stringify(view)}, then ${JSON.stringify(call)}`)
  }
  if (kept.size !== told.length + others)
    ledger.fault(
      `${kept.size} calls are on record, ${told.length} were made by people and ${others} otherwise`,
    )
  ledger.count('calls made by calls, and by the schedule', others)
}

/** They are numbered without a gap, none has failed, and one is live. */
async function auditVersions({ installation, ledger }: Field): Promise<void> {
  const versions: VersionView[] = []
  for await (const version of pages<VersionView>(installation, 'versions')) versions.push(version)
  const numbers = versions.map(({ version }) => version)
  if (numbers.some((number, i) => number !== versions.length - i))
    ledger.fault(`versions are numbered ${numbers.join(', ')}`)
  const [newest, ...older] = versions
  if (newest?.status !== 'live' || older.some(({ status }) => status !== 'superseded'))
    ledger.fault(`versions are ${versions.map(({ version, status }) => `v${version} ${status}`).join(', ')}`)
}

/** Each minute since the schedule was there has made one call, and that ended well. */
async function auditSchedules({ installation, ledger }: Field): Promise<void> {
  const { body } = await installation.api('GET', `/v1/apps/${APP}/schedules`)
  const [schedule] = body.items as ScheduleView[]
  const slots = await Promise.all(
    (schedule?.last ?? []).map(async ({ slot, outcome, call }) => ({
      slot,
      outcome,
      status: call && (await ended(installation, call.id)).status,
    })),
  )
  for (const { slot, outcome, status } of slots) {
    const isRight = (outcome === 'fired' || outcome === 'late') && status === 'succeeded'
    if (!isRight) ledger.fault(`the schedule's ${slot} was ${outcome}, its call ${status}`)
  }
  const minutes = slots.map(({ slot }) => Math.floor(Date.parse(slot) / 60_000))
  if (minutes.some((minute, i) => i > 0 && minute !== (minutes[i - 1] ?? 0) - 1))
    ledger.fault(`the schedule fired at ${slots.map(({ slot }) => slot).join(', ')}`)
  ledger.count('firings of the schedule looked at', slots.length)
}

/** The schedule may have fired a moment ago: what goes on has so long to end. */
async function ended(installation: Field['installation'], id: string): Promise<CallView> {
  return (await installation.api('GET', `/v1/calls/${id}?wait=${WAIT}`)).body
}

async function* pages<Item>(installation: Field['installation'], what: string): AsyncGenerator<Item> {
  let cursor: string | undefined
  do {
    const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const { body } = await installation.api('GET', `/v1/apps/${APP}/${what}?limit=${PAGE}${query}`)
    yield* body.items
    cursor = body.cursor
  } while (cursor !== undefined)
}
