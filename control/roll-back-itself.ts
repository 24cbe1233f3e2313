import { SluiceError } from '../protocol/errors.ts'
import type { Action, Effect } from './action.ts'
import { ITSELF } from './audit.ts'
import { keyOf, type Version } from './model.ts'
import type { Observation } from './observation.ts'
import type { Needs } from './ports.ts'
import { lastGood, repeat } from './rollback.ts'
import { stepTold } from './story.ts'

/** Those that began since are on one page, or somebody has long taken over. */
const PAGE = 50

/**
 * Goes back to the last good version without being asked; once, however many find out that it should be, and whoever
 * dies midway: the rollback begins only if nothing else has since the plan was made.
 */
export async function rollBackItself(
  ports: Needs<'clock' | 'events' | 'ids' | 'keys' | 'logs' | 'store' | 'worklist'>,
  seen: Observation,
  { version, reason }: Action & { do: 'rollBack' },
): Promise<Effect> {
  const { app, live } = seen
  if (live?.version !== version) return 'none'
  const outcome = (await hasBegun(ports, live)) ? 'begun' : await begin(ports, seen, live, reason)
  if (outcome === 'overtaken') return 'changed'
  const detail = outcome === 'begun' ? reason : `${reason} It was not rolled back: ${outcome.fault}`
  const step = { step: 'gate', state: 'failed', at: new Date(seen.now).toISOString(), detail } as const
  await ports.logs.write(keyOf(app), stepTold(live, step, { at: seen.now, detail }))
  await ports.store.recordStep(app, version, step)
  ports.events.publish(`app:${app.env}/${app.app}`)
  return 'changed'
}

async function hasBegun(ports: Needs<'store'>, live: Version): Promise<boolean> {
  const { items } = await ports.store.versions(live, { limit: PAGE })
  return items.some(({ automatic, replaced }) => automatic && replaced === live.version)
}

async function begin(
  ports: Needs<'clock' | 'ids' | 'keys' | 'store' | 'worklist'>,
  { app }: Observation,
  live: Version,
  reason: string,
): Promise<'begun' | 'overtaken' | { fault: string }> {
  const target = await lastGood(ports, live)
  if (!target) return { fault: 'there is no earlier version that was healthy.' }
  const byItself = { by: ITSELF, client: ITSELF, automatic: true } as const
  const request = { ...byItself, strategy: 'rolling', reason, insteadOf: live.version } as const
  try {
    await repeat(ports, target, 'rollback', request, app.lastVersion)
    return 'begun'
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    return error.code === 'version_conflict' ? 'overtaken' : { fault: error.message }
  }
}
