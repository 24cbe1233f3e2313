import type { RolloutStep, VersionError } from '../protocol/api.ts'
import type { CallError } from '../protocol/calls.ts'
import type { FunctionSpec } from '../protocol/manifest.ts'
import { retire } from './drain.ts'
import type { App, Container, ContainerFailure, Demand, ScheduleEntry, Version } from './model.ts'
import type { Endpoint, Target } from './ports.ts'
import { rollOut } from './rollout.ts'
import { route } from './route.ts'
import { scale } from './scale.ts'
import { settle } from './settle.ts'
import { reached } from './steps.ts'
import { wind } from './wind-down.ts'

/** All that a decision about one app rests on. */
export interface Observation {
  now: number
  app: App
  live?: Version
  /** Versions that are neither live nor given up, oldest first. */
  rolling: Version[]
  /** Those that are not stopped. */
  containers: Container[]
  /** Containers that failed, newest first; of the live and the rolling versions, and of those that calls are pinned to. */
  failed: Container[]
  demand: Demand[]
  /** The functions of every version that has containers, or work of its own. */
  specs: Map<number, Record<string, FunctionSpec>>
  /** Label → web function, of the live and the rolling versions. */
  labels: Map<number, Map<string, string>>
}

export type Action =
  | { do: 'step'; version: number; step: RolloutStep['step']; state: RolloutStep['state']; detail?: string }
  | { do: 'supersede'; version: number; by: number }
  | { do: 'fail'; version: number; error: VersionError }
  /** Nothing that comes after it in the plan is done unless it succeeds. */
  | { do: 'cutOver'; version: number; awaken: string[] }
  | { do: 'start'; function: string; version: number; active: number; max: number }
  | { do: 'launch'; container: Container }
  | { do: 'drain'; container: string; deadline: number; reason: string }
  | { do: 'kill'; container: string; failure?: ContainerFailure }
  | { do: 'point'; endpoint: Endpoint; targets: Target[]; fault?: string }
  | { do: 'unroute'; version: number; keepLabels: string[] }
  | { do: 'schedule'; entries: ScheduleEntry[] }
  | { do: 'pin'; function: string }
  | { do: 'failCalls'; function: string; pin?: number; error: CallError }
  | { do: 'cancelCalls'; why: string }
  | { do: 'settle'; version: number; labels: string[] }
  | { do: 'finishStop' }

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
  ]
  return { actions, ...later.earliest() }
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

/** Collects the times at which something becomes due. */
export class Revisits {
  readonly #now: number
  #at = Number.POSITIVE_INFINITY

  constructor(now: number) {
    this.#now = now
  }

  /** True if the time has come; else it is remembered. */
  isDue(at: number): boolean {
    if (at <= this.#now) return true
    this.#at = Math.min(this.#at, at)
    return false
  }

  earliest(): { revisitAt?: number } {
    return Number.isFinite(this.#at) ? { revisitAt: this.#at } : {}
  }
}
