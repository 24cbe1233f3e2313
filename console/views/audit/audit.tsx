import { useSearchParams } from 'wouter-preact'
import { usePages } from '../../api/queries.ts'
import { Empty } from '../../parts/empty.tsx'
import { Page } from '../../parts/page.tsx'
import { PagedList } from '../../parts/paged-list.tsx'
import { AppPage } from '../app-page.tsx'
import { AppPicker } from './app-picker.tsx'
import { EntryTable } from './entry-table.tsx'

/** Who changed what of an app, also once it is gone. */
export function AppAuditView({ env, app }: { env: string; app: string }) {
  return (
    <AppPage env={env} app={app} about="Audit">
      <Entries env={env} app={app} />
    </AppPage>
  )
}

/** Who changed what in an environment, or of one app of it. */
export function AuditView({ env }: { env: string }) {
  const [search, setSearch] = useSearchParams()
  const app = search.get('app') ?? ''
  const pick = (name: string) => setSearch(name === '' ? {} : { app: name })
  return (
    <Page title={`Audit of ${env}`} actions={<AppPicker env={env} app={app} onPick={pick} />}>
      {app === '' ? <Entries env={env} /> : <Entries key={app} env={env} app={app} />}
    </Page>
  )
}

function Entries({ env, app }: { env: string; app?: string }) {
  const entries = usePages('listAudit', { query: { env, app } })
  return (
    <PagedList of={entries} more="older entries" none={<Empty title="Nobody has changed anything yet." />}>
      {(items) => <EntryTable entries={items} withApp={app === undefined} />}
    </PagedList>
  )
}
