import { SluiceError } from '../protocol/errors.ts'
import type { FunctionSpec, Schedule } from '../protocol/manifest.ts'
import { type AppKey, appLabel } from '../protocol/names.ts'
import { nearest } from '../protocol/nearest.ts'
import { nextSlots } from '../protocol/slots.ts'
import { auditEntry } from './audit.ts'
import { type AcceptPorts, accept } from './calls.ts'
import { findApp, findLive } from './find.ts'
import { type AuditEntry, type Call, keyOf, type Version } from './model.ts'
import type { Needs } from './ports.ts'
import type { Firing, ScheduleRecord } from './schedule-model.ts'
import { forgetAt } from './schedule-retention.ts'

const NEXT_SHOWN = 5
const LAST_SHOWN = 10

/** All that is known of a schedule: what the live version says, and what became of it. */
export interface ScheduleState extends AppKey {
  function: string
  spec: ScheduledSpec
  record: ScheduleRecord | undefined
  /** Milliseconds since the epoch. */
  next: number[]
  /** Newest first, each with its call as far as that is kept. */
  last: { firing: Firing; call: Call | undefined }[]
}

type ScheduledSpec = FunctionSpec & { schedule: Schedule }

/** Who asks, for what, and why. */
export interface ScheduleRequest {
  key: AppKey
  function: string
  by: string
  client?: string | undefined
  reason?: string | undefined
}

type Reads = Needs<'clock' | 'store'>

/** The schedules of the live version; a stopped app has none. */
export async function listSchedules(ports: Reads, key: AppKey): Promise<ScheduleState[]> {
  const { liveVersion, leaseUntil } = await findApp(ports, key)
  const live = liveVersion === undefined ? undefined : await ports.store.version(key, liveVersion)
  const scheduled = Object.entries(live?.manifest.functions ?? {}).flatMap(([name, spec]) =>
    isScheduled(spec) ? [{ name, spec }] : [],
  )
  if (scheduled.length === 0) return []
  const records = await ports.store.schedules(key)
  const recordOf = (name: string) => records.find((record) => record.function === name)
  const states = await Promise.all(
    scheduled.map(({ name, spec }) => describe(ports, key, name, spec, recordOf(name))),
  )
  // Those of an app that is only tried out do not fire by themselves.
  return leaseUntil === undefined ? states : states.map((state) => ({ ...state, next: [] }))
}

/**
 * Runs a scheduled function now, as its schedule would, whether or not it is paused or still runs. The same idempotency
 * key is the same run.
 * @throws SluiceError where the app is stopped, or the function has no schedule
 */
export async function triggerSchedule(
  ports: AcceptPorts,
  request: ScheduleRequest & { idempotencyKey?: string | undefined },
): Promise<Call> {
  const { by, reason, function: name } = request
  const key = keyOf(request.key)
  const { schedule } = await findScheduled(ports, request)
  const run = request.idempotencyKey ?? ports.ids.next('ca')
  const call = await accept(ports, {
    key,
    function: name,
    args: { json: '[]' },
    source: 'schedule',
    idempotencyKey: `schedule/${name}/run/${run}`,
  })
  const at = call.createdAt
  await ports.store.recordFiring(
    {
      ...key,
      function: name,
      slot: at,
      at,
      outcome: 'triggered',
      call: call.id,
      by,
      ...(reason !== undefined && { reason }),
      forgetAt: forgetAt(schedule, at, at),
    },
    entryOf(ports, request, 'schedule.triggered', { subject: call.id }),
  )
  await ports.store.durable()
  return call
}

/**
 * From now on slots pass without a call, whatever is deployed, until the schedule is resumed.
 * @throws SluiceError where the app is stopped, or the function has no schedule
 */
export async function pauseSchedule(
  ports: Reads & Needs<'ids'>,
  request: ScheduleRequest,
): Promise<ScheduleState> {
  const spec = await findScheduled(ports, request)
  const pause = { at: ports.clock.now(), by: request.by, reason: request.reason }
  const entry = entryOf(ports, request, 'schedule.paused')
  await ports.store.pauseSchedule(keyOf(request.key), request.function, pause, entry)
  return afterwards(ports, request, spec)
}

/** From the next slot on there are calls again. @throws as `pauseSchedule` */
export async function resumeSchedule(
  ports: Reads & Needs<'ids'>,
  request: ScheduleRequest,
): Promise<ScheduleState> {
  const spec = await findScheduled(ports, request)
  const entry = entryOf(ports, request, 'schedule.resumed')
  await ports.store.resumeSchedule(keyOf(request.key), request.function, ports.clock.now(), entry)
  return afterwards(ports, request, spec)
}

async function afterwards(
  ports: Reads,
  { key, function: name }: ScheduleRequest,
  spec: ScheduledSpec,
): Promise<ScheduleState> {
  await ports.store.durable()
  return describe(ports, key, name, spec, await ports.store.schedule(key, name))
}

async function describe(
  ports: Reads,
  key: AppKey,
  name: string,
  spec: ScheduledSpec,
  record: ScheduleRecord | undefined,
): Promise<ScheduleState> {
  const now = ports.clock.now()
  const firings = await ports.store.firings(key, name, { since: 0, limit: LAST_SHOWN })
  const calls = await Promise.all(firings.map(({ call }) => call && ports.store.call(call)))
  return {
    ...keyOf(key),
    function: name,
    spec,
    record,
    next: nextSlots(spec.schedule, record?.anchor ?? now, now, NEXT_SHOWN),
    last: firings.map((firing, index) => ({ firing, call: calls[index] || undefined })),
  }
}

async function findScheduled(
  ports: Needs<'store'>,
  { key, function: name }: ScheduleRequest,
): Promise<ScheduledSpec> {
  const live = await findLive(ports, key)
  const { functions } = live.manifest
  const spec = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (!spec) throw unknownFunction(live, name)
  if (isScheduled(spec)) return spec
  const others = scheduledIn(live)
  const hint =
    others.length > 0 ? `These have one: ${others.join(', ')}.` : 'No function of this app has one.'
  throw new SluiceError(
    'not_scheduled',
    `${name} of ${appLabel(live)} v${live.version} has no schedule. ${hint}`,
  )
}

function unknownFunction(live: Version, name: string): SluiceError {
  const scheduled = scheduledIn(live)
  const near = nearest(name, scheduled)
  const hint = near
    ? `Did you mean "${near}"?`
    : `See \`sluice schedule list ${appLabel(live)}\` for those with a schedule.`
  return new SluiceError(
    'function_not_found',
    `${appLabel(live)} v${live.version} has no function "${name}". ${hint}`,
  )
}

const isScheduled = (spec: FunctionSpec): spec is ScheduledSpec => spec.schedule !== undefined

const scheduledIn = ({ manifest }: Version): string[] =>
  Object.entries(manifest.functions).flatMap(([name, spec]) => (isScheduled(spec) ? [name] : []))

function entryOf(
  ports: Needs<'clock' | 'ids'>,
  { key, function: name, by, client, reason }: ScheduleRequest,
  action: AuditEntry['action'],
  more: Partial<AuditEntry> = {},
): AuditEntry {
  return auditEntry(ports, {
    ...keyOf(key),
    action,
    function: name,
    by,
    ...(client !== undefined && { client }),
    ...(reason !== undefined && { reason }),
    ...more,
  })
}
