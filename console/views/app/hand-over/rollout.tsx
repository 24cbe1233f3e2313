import type { RolloutStep, VersionView } from '../../../../protocol/api.ts'
import { duration, exactTime } from '../../../parts/time.tsx'
import { Visible } from '../../../parts/visible.tsx'
import { stagesOf } from './stages.ts'
import './rollout.css'

const SAYS: Record<RolloutStep['step'] | 'begun', string> = {
  begun: 'Begun',
  prepare: 'Prepared',
  start: 'Containers started',
  check: 'Check',
  ready: 'Ready',
  cutover: 'Took over',
  gate: 'Watched',
  drain: 'Older ones gone',
  fail: 'Failed',
}

const WHILE_RUNNING: Partial<typeof SAYS> = { start: 'Starting containers', drain: 'Older ones leave' }

const MARKS = { done: '✓', running: '…', failed: '✕' } as const

/** How far the newest version has come, step by step. */
export function Rollout({ version }: { version: VersionView }) {
  return (
    <div class="rollout">
      <h3 id="rollout">Rollout of v{version.version}</h3>
      <ol aria-labelledby="rollout">
        {stagesOf(version).map(({ step, state, at, after, detail }) => (
          <li key={step} class={`stage stage-${state}`}>
            <span class="stage-mark" aria-hidden="true">
              {MARKS[state]}
            </span>
            <span>
              {(state === 'running' && WHILE_RUNNING[step]) || SAYS[step]}{' '}
              <span class="visually-hidden">({state})</span>
              <time dateTime={at} title={exactTime(at)} class="quiet">
                {after === 0 ? new Date(at).toLocaleTimeString() : `+${duration(after)}`}
              </time>
              {detail && step !== 'fail' && (
                <span class="stage-detail">
                  <Visible text={detail} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}
