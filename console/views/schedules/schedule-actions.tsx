import { useState } from 'preact/hooks'
import type { ScheduleView } from '../../../protocol/schedules.ts'
import { useMay } from '../../shell/use-may.ts'
import { ReasonDialog, type ScheduleAct } from './reason-dialog.tsx'

const ACTS = {
  triggerSchedule: {
    doing: 'Run now',
    says: 'It runs at once, as its schedule would have it run. Its times stay where they are.',
    done: 'runs now.',
  },
  pauseSchedule: {
    doing: 'Pause',
    says: 'Its times pass without a call, over deploys too, until somebody resumes it. A call that runs goes on.',
    done: 'is paused.',
  },
  resumeSchedule: {
    doing: 'Resume',
    says: 'It runs again from its next time on. Those that have passed are not made up for.',
    done: 'runs by itself again.',
  },
} as const satisfies Record<ScheduleAct, unknown>

/** What can be done about a schedule without a deploy, for whoever may. */
export function ScheduleActions({ schedule }: { schedule: ScheduleView }) {
  const [act, setAct] = useState<ScheduleAct>()
  if (!useMay('deploy')) return null
  const offered: ScheduleAct[] = ['triggerSchedule', schedule.paused ? 'resumeSchedule' : 'pauseSchedule']
  return (
    <>
      <div class="actions">
        {offered.map((act) => (
          <button key={act} type="button" onClick={() => setAct(act)}>
            {ACTS[act].doing}
          </button>
        ))}
      </div>
      {act && (
        <ReasonDialog
          key={act}
          schedule={schedule}
          act={act}
          {...ACTS[act]}
          onClose={() => setAct(undefined)}
        />
      )}
    </>
  )
}
