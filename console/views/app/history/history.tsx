import type { VersionView } from '../../../../protocol/api.ts'
import type { AppView } from '../../../../protocol/app-view.ts'
import { useAnswer, type usePages } from '../../../api/queries.ts'
import { Answer } from '../../../parts/answer.tsx'
import { Pager } from '../../../parts/pager.tsx'
import { HistoryRow } from './row.tsx'
import { useNamedVersion } from './use-named-version.ts'
import './history.css'

interface HistoryProps {
  view: AppView
  versions: ReturnType<typeof usePages<'listVersions'>>
}

/** All versions, newest first: who made them, of what, and why. */
export function History({ view, versions }: HistoryProps) {
  const named = useNamedVersion()
  return (
    <section class="block" aria-labelledby="history">
      <h2 id="history">History</h2>
      <Answer of={{ data: versions.items, error: versions.error }}>
        {(items) => (
          <>
            <ol class="history">
              {items.map((version, index) => (
                <HistoryRow
                  key={version.version}
                  view={view}
                  version={version}
                  before={versionBefore(items, index, versions.hasNextPage)}
                  isNamed={version.version === named}
                />
              ))}
            </ol>
            {named !== undefined && isOlder(named, items) && versions.hasNextPage && (
              <Older key={named} view={view} number={named} />
            )}
          </>
        )}
      </Answer>
      <Pager of={versions} more="older versions" />
    </section>
  )
}

const isOlder = (named: number, items: VersionView[]): boolean => named < (items.at(-1)?.version ?? 0)

/** A version that the address names and that is further down than was read. */
function Older({ view, number }: { view: AppView; number: number }) {
  const { name: app, env } = view
  const found = useAnswer('getVersion', { params: { app, version: number }, query: { env } })
  return (
    <Answer of={found}>
      {(version) => (
        <ol class="history">
          <HistoryRow view={view} version={version} before={number > 1 ? number - 1 : undefined} isNamed />
        </ol>
      )}
    </Answer>
  )
}

/** The one that was live before it, else the one that was made before it, which may be on the next page. */
function versionBefore(items: VersionView[], index: number, hasMore: boolean): number | undefined {
  const older = items.slice(index + 1)
  const found = older.find(({ liveAt }) => liveAt !== undefined) ?? older[0]
  const number = items[index]?.version ?? 1
  return found?.version ?? (hasMore ? number - 1 : undefined)
}
