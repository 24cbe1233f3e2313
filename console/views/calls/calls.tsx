import { usePages } from '../../api/queries.ts'
import { Answer } from '../../parts/answer.tsx'
import { FunctionFilter, VersionFilter } from '../../parts/app-filters.tsx'
import { CallTable } from '../../parts/call-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { FilterChoice } from '../../parts/filter-choice.tsx'
import { Filters } from '../../parts/filters.tsx'
import { Pager } from '../../parts/pager.tsx'
import { useFilters } from '../../parts/use-filters.ts'
import { AppPage } from '../app-page.tsx'

const STATUSES = ['pending', 'running', 'succeeded', 'failed', 'timed_out', 'cancelled']

/** Calls of an app, newest first. */
export function CallsView({ env, app }: { env: string; app: string }) {
  const [filters, change] = useFilters(['function', 'status', 'version'])
  const calls = usePages('listCalls', { params: { app }, query: { env, ...filters } })
  return (
    <AppPage env={env} app={app} about="Calls">
      <Filters>
        <FunctionFilter
          env={env}
          app={app}
          value={filters.function}
          onChange={(value) => change('function', value)}
        />
        <FilterChoice
          label="Status"
          among={STATUSES}
          worded={(status) => status.replace('_', ' ')}
          value={filters.status}
          onChange={(value) => change('status', value)}
        />
        <VersionFilter
          env={env}
          app={app}
          value={filters.version}
          onChange={(value) => change('version', value)}
        />
      </Filters>
      <Answer of={{ data: calls.items, error: calls.error }}>
        {(items) =>
          items.length === 0 ? (
            <None isFiltered={Object.keys(filters).length > 0} hasMore={calls.hasNextPage} />
          ) : (
            <CallTable calls={items} label="Calls" withFunction />
          )
        }
      </Answer>
      <Pager of={calls} more="older calls" />
    </AppPage>
  )
}

function None({ isFiltered, hasMore }: { isFiltered: boolean; hasMore: boolean }) {
  if (hasMore) return <Empty title="None of the newest calls is like that." />
  if (isFiltered) return <Empty title="No call is like that." />
  return (
    <Empty title="Nobody has called a function yet.">
      <p>Try one on its function's page, or call it from code or the command line.</p>
    </Empty>
  )
}
