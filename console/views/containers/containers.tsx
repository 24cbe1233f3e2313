import { usePages } from '../../api/queries.ts'
import { FunctionFilter, VersionFilter } from '../../parts/app-filters.tsx'
import { ContainerTable } from '../../parts/container-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Filters } from '../../parts/filters.tsx'
import { NoneLikeThat, PagedList } from '../../parts/paged-list.tsx'
import { useFilters } from '../../parts/use-filters.ts'
import { AppPage } from '../app-page.tsx'

/** Containers of an app, newest first, and how each is stopped. */
export function ContainersView({ env, app }: { env: string; app: string }) {
  const [filters, change] = useFilters(['function', 'version', 'all'])
  const containers = usePages('listContainers', { params: { app }, query: { env, ...filters } })
  return (
    <AppPage env={env} app={app} about="Containers">
      <Filters>
        <FunctionFilter
          env={env}
          app={app}
          value={filters.function}
          onChange={(value) => change('function', value)}
        />
        <VersionFilter
          env={env}
          app={app}
          value={filters.version}
          onChange={(value) => change('version', value)}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={filters.all === 'true'}
            onChange={(event) => change('all', event.currentTarget.checked ? 'true' : '')}
          />
          With those that stopped
        </label>
      </Filters>
      <PagedList
        of={containers}
        more="older containers"
        none={
          <NoneLikeThat
            noun="container"
            isFiltered={Object.keys(filters).length > 0}
            hasMore={containers.hasNextPage}
          >
            <Empty title="Nothing runs.">
              <p>Containers start when there is something to do, and go when there is nothing left.</p>
            </Empty>
          </NoneLikeThat>
        }
      >
        {(items) => <ContainerTable containers={items} label="Containers" withFunction />}
      </PagedList>
    </AppPage>
  )
}
