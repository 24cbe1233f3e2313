import type { RolloutStep, VersionView } from '../../../../protocol/api.ts'

export interface Stage {
  step: RolloutStep['step'] | 'begun'
  state: RolloutStep['state']
  at: string
  /** Milliseconds since the deploy. */
  after: number
  detail?: string | undefined
}

/** What is on record of a rollout, each step once, with what became of it, and last what goes on; the beginning is the deploy itself. */
export function stagesOf({ deployedAt, rollout }: Pick<VersionView, 'deployedAt' | 'rollout'>): Stage[] {
  const latest = new Map<string, RolloutStep>()
  for (const step of rollout) latest.set(step.step, step)
  const inOrder = [...latest.values()].toSorted(
    (a, b) =>
      Number(a.state === 'running') - Number(b.state === 'running') || Date.parse(a.at) - Date.parse(b.at),
  )
  const begin = Date.parse(deployedAt)
  return [
    { step: 'begun', state: 'done', at: deployedAt, after: 0 },
    ...inOrder.map(({ step, state, at, detail }) => ({
      step,
      state,
      at,
      after: Math.max(1, Date.parse(at) - begin),
      detail,
    })),
  ]
}
