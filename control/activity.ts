import { nextSlot } from '../protocol/slots.ts'
import { SLOT_MS, slotOf } from '../protocol/usage.ts'
import type { App, UsageRow, Version } from './model.ts'
import type { Page, Paged, Search } from './paging.ts'
import type { Needs } from './ports.ts'
import { isPaused, type ScheduleRecord } from './schedule-model.ts'
import { HOUR_MS } from './usage-policy.ts'

/** The hour, and the slot that has begun since. */
const SLOTS = HOUR_MS / SLOT_MS + 1
const COUNTED = ['calls', 'errors', 'requests', 'serverErrors'] as const

type Ports = Needs<'clock' | 'store'>

export interface NextFiring {
  function: string
  at: number
  isPaused: boolean
}

/** What an app did lately, by slot. */
export interface Activity extends Record<(typeof COUNTED)[number], number[]> {
  app: string
  live: Pick<Version, 'deployedBy' | 'deployedAt'> | undefined
  next: NextFiring | undefined
}

/** What each app of an environment did in the last hour, a page of them at a time. */
export async function activityOfApps(
  ports: Ports,
  env: string,
  page: Page & Search,
): Promise<Paged<Activity> & { since: number }> {
  const now = ports.clock.now()
  const since = slotOf(now) - HOUR_MS
  const apps = await ports.store.apps(env, page)
  const items = await Promise.all(apps.items.map((app) => activityOf(ports, app, { since, now })))
  return { ...apps, since, items }
}

async function activityOf(
  { store }: Ports,
  app: App,
  { since, now }: { since: number; now: number },
): Promise<Activity> {
  const { liveVersion } = app
  const [live, rows, schedules] = await Promise.all([
    liveVersion === undefined ? undefined : store.version(app, liveVersion),
    store.usage(app, { since, until: since + SLOTS * SLOT_MS, by: 'slot' }),
    liveVersion === undefined ? [] : store.schedules(app),
  ])
  return { app: app.app, live, next: nextFiring(schedules, now), ...countsOf(rows, since) }
}

function nextFiring(schedules: ScheduleRecord[], now: number): NextFiring | undefined {
  const firings = schedules.flatMap((record) => {
    const { function: name, schedule, anchor } = record
    const at = schedule && nextSlot(schedule, anchor ?? now, now)
    return at === undefined ? [] : [{ function: name, at, isPaused: isPaused(record) }]
  })
  return firings.sort((a, b) => Number(a.isPaused) - Number(b.isPaused) || a.at - b.at)[0]
}

function countsOf(rows: UsageRow[], since: number): Pick<Activity, (typeof COUNTED)[number]> {
  const none = () => Array.from({ length: SLOTS }, () => 0)
  const counts = { calls: none(), errors: none(), requests: none(), serverErrors: none() }
  for (const row of rows) {
    const slot = (row.at - since) / SLOT_MS
    for (const name of COUNTED) counts[name][slot] = (counts[name][slot] ?? 0) + row[name]
  }
  return counts
}
