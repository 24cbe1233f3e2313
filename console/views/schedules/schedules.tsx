import { useAnswer } from '../../api/queries.ts'
import { Answer } from '../../parts/answer.tsx'
import { Empty } from '../../parts/empty.tsx'
import { AppPage } from '../app-page.tsx'
import { ScheduleCard } from './schedule-card.tsx'
import './schedules.css'

interface SchedulesProps {
  env: string
  app: string
}

/** The functions of an app that run by themselves: when they run next, and what became of the last times. */
export function SchedulesView({ env, app }: SchedulesProps) {
  const answer = useAnswer('listSchedules', { params: { app }, query: { env } })
  return (
    <AppPage env={env} app={app} about="Schedules">
      <Answer of={answer}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nothing runs by itself here.">
              <p>
                A function with a <code>schedule</code> in the live version appears here.
              </p>
            </Empty>
          ) : (
            items.map((schedule) => <ScheduleCard key={schedule.function} schedule={schedule} />)
          )
        }
      </Answer>
    </AppPage>
  )
}
