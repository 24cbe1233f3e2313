import { Link } from 'wouter-preact'
import { usePages } from '../../api/queries.ts'
import { Answer } from '../../parts/answer.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Page } from '../../parts/page.tsx'
import { Pager } from '../../parts/pager.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'

/** All apps of an environment. */
export function AppsView({ env }: { env: string }) {
  const apps = usePages('listApps', { query: { env } })
  return (
    <Page title="Apps">
      <Answer of={{ data: apps.items, error: apps.error }}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="Nothing is deployed yet." />
          ) : (
            <ul>
              {items.map(({ name, state }) => (
                <li key={name}>
                  <Link href={`/apps/${env}/${name}`}>{name}</Link> <StateBadge state={state} />
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      <Pager of={apps} more="more apps" />
    </Page>
  )
}
