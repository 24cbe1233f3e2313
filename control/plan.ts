import type { Action } from './action.ts'
import { retire } from './drain.ts'
import type { Version } from './model.ts'
import type { Observation } from './observation.ts'
import { Revisits } from './revisits.ts'
import { rollOut } from './rollout.ts'
import { route } from './route.ts'
import { scale } from './scale.ts'
import { settle } from './settle.ts'
import { stage } from './stage.ts'
import { reached } from './steps.ts'
import { warn } from './warn.ts'
import { watch } from './watch.ts'
import { wind } from './wind-down.ts'

export interface Plan {
  actions: Action[]
  /** When to look again even if nothing happens, milliseconds since the epoch. */
  revisitAt?: number
}

/**
 * What is to be done about an app, given what is wished and what is observed. Pure: the order of a deploy is the order
 * of this function, and a crash between any two actions is mended by planning again.
 */
export function plan(seen: Observation): Plan {
  const later = new Revisits(seen.now)
  if (seen.app.state !== 'deployed') return { actions: wind(seen, later), ...later.earliest() }
  const { leaseUntil } = seen.app
  if (leaseUntil !== undefined && later.isDue(leaseUntil)) return { actions: [{ do: 'expire' }] }

  const rollout = rollOut(seen, later)
  // A cutover holds for what follows it: requests go to the new version before anything else happens to the old one.
  const after = rollout.cutOver ? cutOver(seen, rollout.cutOver) : seen
  const actions = [
    ...rollout.actions,
    ...route(after, later),
    ...acknowledge(after),
    ...retire(after, later),
    ...scale(after, later),
    ...settle(after),
    ...collect(after, later),
    ...warn(after),
    ...watch(after, later),
    ...stage(after, later),
  ]
  return { actions, ...later.earliest() }
}

/** What has become of no use is looked for at rest only, when something may have. */
function collect({ app, rolling }: Observation, later: Revisits): Action[] {
  const isDue = app.collectAt !== undefined && later.isDue(app.collectAt)
  return isDue && rolling.length === 0 ? [{ do: 'collect' }] : []
}

function cutOver(seen: Observation, version: Version): Observation {
  return {
    ...seen,
    app: { ...seen.app, liveVersion: version.version },
    live: version,
    rolling: seen.rolling.filter((other) => other.version > version.version),
  }
}

/** Whoever waits for the version hears of it only once requests go there. */
function acknowledge({ live }: Observation): Action[] {
  return live ? reached(live, 'cutover', 'done') : []
}
