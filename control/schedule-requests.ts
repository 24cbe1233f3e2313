import { SluiceError } from '../protocol/errors.ts'
import { type AppKey, appLabel } from '../protocol/names.ts'
import { nearest } from '../protocol/nearest.ts'
import { own } from '../protocol/own.ts'
import { auditEntry } from './audit.ts'
import { type AcceptPorts, accept } from './calls.ts'
import {
  describeSchedule,
  isScheduled,
  type ScheduledSpec,
  type ScheduleState,
} from './describe-schedules.ts'
import { findLive } from './find.ts'
import { type AuditEntry, type Call, keyOf, type Version } from './model.ts'
import type { Needs } from './ports.ts'
import { forgetAt } from './schedule-retention.ts'

/** Who asks, for what, and why. */
export interface ScheduleRequest {
  key: AppKey
  function: string
  by: string
  client?: string | undefined
  reason?: string | undefined
}

type Reads = Needs<'clock' | 'store'>

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
    by,
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
  return describeSchedule(ports, key, name, spec, await ports.store.schedule(key, name))
}

async function findScheduled(
  ports: Needs<'store'>,
  { key, function: name }: ScheduleRequest,
): Promise<ScheduledSpec> {
  const live = await findLive(ports, key)
  const { functions } = live.manifest
  const spec = own(functions, name)
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
