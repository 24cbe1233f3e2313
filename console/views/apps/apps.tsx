import { useSearchParams } from 'wouter-preact'
import { Answer } from '../../parts/answer.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Page } from '../../parts/page.tsx'
import { Pager } from '../../parts/pager.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { TableHead } from '../../parts/table-head.tsx'
import { AppRow } from './app-row.tsx'
import { FirstSteps } from './first-steps.tsx'
import { type ListedApp, useApps } from './use-apps.ts'
import '../../parts/card-table.css'
import './apps.css'

const COLUMNS = ['App', 'Live version', 'Containers', 'Last hour', 'Addresses', 'Next schedule']

/** All apps of an environment, at a glance. */
export function AppsView({ env }: { env: string }) {
  const [search, setSearch] = useSearchParams()
  const q = search.get('q') ?? ''
  const apps = useApps(env, q)
  const find = (text: string) => setSearch(text === '' ? {} : { q: text }, { replace: true })
  return (
    <Page
      title={`Apps in ${env}`}
      actions={<SearchField label="Find apps by name" value={q} onSearch={find} />}
    >
      <Answer of={apps}>
        {(items) => {
          if (items.length > 0) return <AppTable env={env} items={items} />
          return q === '' ? <FirstSteps env={env} /> : <Empty title={`No app has “${q}” in its name.`} />
        }}
      </Answer>
      <Pager of={apps} more="more apps" />
    </Page>
  )
}

function AppTable({ env, items }: { env: string; items: ListedApp[] }) {
  return (
    <div class="table">
      <table class="card-table apps">
        <TableHead columns={COLUMNS} />
        <tbody>
          {items.map((item) => (
            <AppRow key={item.app.name} env={env} of={item} />
          ))}
        </tbody>
      </table>
    </div>
  )
}
