import type { AppKey } from '../protocol/names.ts'
import { auditEntry } from './audit.ts'
import { findApp } from './find.ts'
import { type App, keyOf } from './model.ts'
import { STOP_GRACE_MS, UNSEEN_MS } from './policy.ts'
import type { Ingress, Needs } from './ports.ts'
import { setSchedules } from './set-schedules.ts'
import { turnAfter, turnOf } from './turn.ts'

export interface Stop {
  key: AppKey
  by: string
  client?: string | undefined
  reason?: string | undefined
}

/**
 * Takes the app out of service: once this returns no call is accepted, no schedule fires and no URL answers; what still
 * runs has its grace to finish. Stopping what is stopped changes nothing.
 */
export async function stop(
  ports: Needs<'clock' | 'ids' | 'store' | 'timetable' | 'worklist'> & { ingress: Pick<Ingress, 'remove'> },
  { key, by, client, reason }: Stop,
): Promise<App> {
  const before = await findApp(ports, key)
  const now = ports.clock.now()
  const entry = auditEntry(ports, {
    ...keyOf(key),
    action: 'app.stopping',
    by,
    ...(client !== undefined && { client }),
    ...(reason !== undefined && { reason }),
    ...(before.liveVersion !== undefined && {
      version: before.liveVersion,
      before: `v${before.liveVersion}`,
    }),
  })
  const wish = { at: now, deadline: now + STOP_GRACE_MS, by, reason }
  // Whoever dies after the next line, and before it is said that there is work, must not leave it unseen.
  if (before.state === 'deployed') await ports.worklist.add(keyOf(key), now + UNSEEN_MS)
  const app = await ports.store.beginStop(key, wish, entry)
  if (!app) return findApp(ports, key)
  if (app.state === 'stopping') {
    // First, so that what fails below, or dies, is done all the same.
    await ports.worklist.add(key)
    await ports.ingress.remove(key, turnOf({ app, rolling: [], staged: [] }), [])
    await setSchedules(ports, key, { turn: turnAfter(app.lastVersion), entries: [] }, now)
    await ports.store.durable()
  }
  return app
}
