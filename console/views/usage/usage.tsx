import '../../parts/usage/usage.css'
import './usage-view.css'
import { Answer } from '../../parts/answer.tsx'
import { Empty } from '../../parts/empty.tsx'
import { RANGES, type Step } from '../../parts/usage/ranges.ts'
import { useChoice, useRange } from '../../parts/usage/use-choice.ts'
import { useDeploys } from '../../parts/usage/use-deploys.ts'
import { useUsage } from '../../parts/usage/use-usage.ts'
import { AppPage } from '../app-page.tsx'
import { Choices } from './choices.tsx'
import { CostCharts } from './cost-charts.tsx'
import { LinesTable } from './lines-table.tsx'
import { Prices } from './prices.tsx'
import { StepsTable } from './steps-table.tsx'
import { Totals } from './totals.tsx'

/** What an app did and what that cost, over time, by function or by version. */
export function UsageView({ env, app }: { env: string; app: string }) {
  const range = useRange('24h')
  const by = useChoice('by', ['function', 'version'])
  const measure = useChoice('of', ['cost', 'time'])
  const steps: readonly [Step, ...Step[]] = RANGES[range].steps
  const step = useChoice('step', steps)
  const whole = useUsage({ env, app, range, by })
  const parts = useUsage({ env, app, range, by, step })
  const deploys = useDeploys(env, app)
  return (
    <AppPage env={env} app={app} about="Usage">
      <Choices range={range} steps={steps} step={step} by={by} measure={measure} />
      <Answer of={whole}>
        {(usage) =>
          usage.items.length === 0 ? (
            <Empty title="Nothing ran in this time." />
          ) : (
            <>
              <Totals of={usage.total} />
              <Answer of={parts}>
                {(shown) => <CostCharts usage={shown} measure={measure} deploys={deploys} />}
              </Answer>
              <LinesTable env={env} app={app} usage={usage} />
              <Answer of={parts}>{(shown) => <StepsTable usage={shown} />}</Answer>
              <Prices of={usage} />
            </>
          )
        }
      </Answer>
    </AppPage>
  )
}
