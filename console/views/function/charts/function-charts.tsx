import '../../../parts/usage/usage.css'
import { Answer } from '../../../parts/answer.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { RangeChoice } from '../../../parts/usage/range-choice.tsx'
import { RANGES } from '../../../parts/usage/ranges.ts'
import { useRange } from '../../../parts/usage/use-choice.ts'
import { useDeploys } from '../../../parts/usage/use-deploys.ts'
import { useUsage } from '../../../parts/usage/use-usage.ts'
import { Charts } from './charts.tsx'
import { VersionsTable } from './versions-table.tsx'

interface FunctionChartsProps {
  env: string
  app: string
  function: string
}

/** How often a function was called and how long that took, by version, with the deploys in between. */
export function FunctionCharts({ env, app, function: name }: FunctionChartsProps) {
  const range = useRange('6h')
  const [step] = RANGES[range].steps
  const answer = useUsage({ env, app, function: name, by: 'version', range, step })
  const deploys = useDeploys(env, app)
  return (
    <section class="charts" aria-labelledby="activity">
      <header class="page-header">
        <h2 id="activity">Activity</h2>
        <RangeChoice chosen={range} />
      </header>
      <Answer of={answer}>
        {(usage) =>
          usage.total.calls + usage.total.requests === 0 ? (
            <Empty title="Nothing ran in this time." />
          ) : (
            <>
              <Charts usage={usage} deploys={deploys} />
              <VersionsTable usage={usage} />
            </>
          )
        }
      </Answer>
    </section>
  )
}
