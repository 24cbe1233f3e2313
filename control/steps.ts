import type { RolloutStep } from '../protocol/api.ts'
import type { Action } from './action.ts'
import type { Version } from './model.ts'

export function hasStep(version: Version, step: RolloutStep['step'], state: RolloutStep['state']): boolean {
  return version.steps.some((recorded) => recorded.step === step && recorded.state === state)
}

/** What keeps the version from being handed over to, or reached where it is staged, as far as is known. */
export function lastFault({ steps, status }: Pick<Version, 'steps' | 'status'>): string | undefined {
  const awaited = status === 'staged' ? 'prepare' : 'cutover'
  const last = steps.findLast(({ step }) => step === awaited)
  return last?.state === 'failed' ? last.detail : undefined
}

/** Notes that the rollout has come this far, unless that is on record. */
export function reached(version: Version, step: RolloutStep['step'], state: RolloutStep['state']): Action[] {
  return hasStep(version, step, state) ? [] : [{ do: 'step', version: version.version, step, state }]
}
