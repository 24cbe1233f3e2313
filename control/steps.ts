import type { RolloutStep } from '../protocol/api.ts'
import type { Action } from './action.ts'
import type { Version } from './model.ts'

export function hasStep(version: Version, step: RolloutStep['step'], state: RolloutStep['state']): boolean {
  return version.steps.some((recorded) => recorded.step === step && recorded.state === state)
}

/** Notes that the rollout has come this far, unless that is on record. */
export function reached(version: Version, step: RolloutStep['step'], state: RolloutStep['state']): Action[] {
  return hasStep(version, step, state) ? [] : [{ do: 'step', version: version.version, step, state }]
}
