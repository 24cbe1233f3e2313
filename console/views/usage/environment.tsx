import '../../parts/usage/usage.css'
import './usage-view.css'
import { Answer } from '../../parts/answer.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Page } from '../../parts/page.tsx'
import { RangeChoice } from '../../parts/usage/range-choice.tsx'
import { useRange } from '../../parts/usage/use-choice.ts'
import { Waiting } from '../../parts/waiting.tsx'
import { AppsTable } from './apps-table.tsx'
import { Prices } from './prices.tsx'
import { sumOf } from './sum.ts'
import { Totals } from './totals.tsx'
import { useAppsUsage } from './use-apps-usage.ts'

/** What the apps of an environment did and what that cost, the dearest first. */
export function EnvironmentUsageView({ env }: { env: string }) {
  const range = useRange('24h')
  const usage = useAppsUsage(env, range)
  return (
    <Page title={`Usage of ${env}`} actions={<RangeChoice chosen={range} />}>
      <Answer of={usage}>
        {({ items, prices }) => {
          if (items.length === 0) return <Empty title="There are no apps here yet." />
          const sum = sumOf(items)
          return (
            <>
              <Totals of={sum} />
              {usage.goesOn && <Waiting />}
              {!usage.goesOn && !usage.isWhole && (
                <p class="quiet">These are {items.length} of the apps, by name.</p>
              )}
              <AppsTable env={env} range={range} apps={items} cost={sum.cost.total} />
              <Prices of={{ prices }} />
            </>
          )
        }}
      </Answer>
    </Page>
  )
}
