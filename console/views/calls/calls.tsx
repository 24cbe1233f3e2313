import { usePages } from '../../api/queries.ts'
import { FunctionFilter, VersionFilter } from '../../parts/app-filters.tsx'
import { CallTable } from '../../parts/call-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { FilterChoice } from '../../parts/filter-choice.tsx'
import { Filters } from '../../parts/filters.tsx'
import { NoneLikeThat, PagedList } from '../../parts/paged-list.tsx'
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
      <PagedList
        of={calls}
        more="older calls"
        none={
          <NoneLikeThat noun="call" isFiltered={Object.keys(filters).length > 0} hasMore={calls.hasNextPage}>
            <Empty title="Nobody has called a function yet.">
              <p>Try one on its function's page, or call it from code or the command line.</p>
            </Empty>
          </NoneLikeThat>
        }
      >
        {(items) => <CallTable calls={items} label="Calls" withFunction />}
      </PagedList>
    </AppPage>
  )
}
