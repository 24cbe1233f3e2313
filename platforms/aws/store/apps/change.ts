import { isConditionCheckFailed, PutItemCommand } from 'dynamodb-toolbox/entity/actions/put'
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import { type AppKey, appLabel } from '../../../../protocol/names.ts'
import { backOff } from '../dynamodb/backoff.ts'
import { unavailable } from '../dynamodb/connection.ts'
import { read } from '../dynamodb/read.ts'
import { type Write, writeAll } from '../dynamodb/transaction.ts'
import type { AppEntity, AppItem } from '../items/app.ts'

/** So many others may change an app at the same time: about twice what a burst of fifty deploys needs. */
const MOST_TRIES = 200

/** What becomes of an app, and of other items with it; without `next`, nothing. */
export interface Change<Outcome> {
  outcome: Outcome
  next?: Omit<AppItem, 'revision'>
  writes?: Write[]
}

export interface Changed<Outcome> {
  outcome: Outcome
  /** The writes whose conditions did not hold, by their place: then nothing was changed. */
  refused: number[]
}

/** Decides on what the app is, and writes that in one step if it still is; else decides anew. */
export async function changeApp<Outcome>(
  apps: AppEntity,
  key: AppKey,
  decide: (app: AppItem | undefined) => Change<Outcome>,
): Promise<Changed<Outcome>> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const app = await read(apps, key)
    const { outcome, next, writes = [] } = decide(app)
    if (!next) return { outcome, refused: [] }
    const [overtaken, ...others] = await write(apps, app, next, writes)
    if (!overtaken) return { outcome, refused: others.flatMap((failed, i) => (failed ? i : [])) }
    await backOff(attempt)
  }
  throw unavailable(`too many change ${appLabel(key)} at once`)
}

/** Which conditions did not hold: first the app's own, that nobody has changed it meanwhile. */
async function write(
  apps: AppEntity,
  app: AppItem | undefined,
  next: Omit<AppItem, 'revision'>,
  writes: Write[],
): Promise<boolean[]> {
  const item = {
    ...next,
    ...(next.collectedAt === undefined && { listedIn: next.env }),
    name: next.app,
    revision: (app?.revision ?? 0) + 1,
  }
  const condition = app
    ? ({ attr: 'revision', eq: app.revision } as const)
    : ({ attr: 'revision', exists: false } as const)
  if (writes.length > 0) {
    const put = apps.build(PutTransaction).item(item).options({ condition })
    return (await writeAll(put, ...writes)) ?? [false]
  }
  try {
    await apps.build(PutItemCommand).item(item).options({ condition }).send()
    return [false]
  } catch (error) {
    if (!isConditionCheckFailed(error)) throw error
    return [true]
  }
}
