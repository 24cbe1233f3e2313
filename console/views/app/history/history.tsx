import { useEffect, useRef } from 'preact/hooks'
import type { AppView, VersionView } from '../../../../protocol/api.ts'
import type { usePages } from '../../../api/queries.ts'
import { Answer } from '../../../parts/answer.tsx'
import { Pager } from '../../../parts/pager.tsx'
import { HistoryRow } from './row.tsx'
import './history.css'

interface HistoryProps {
  view: AppView
  versions: ReturnType<typeof usePages<'listVersions'>>
}

/** All versions, newest first: who made them, of what, and why. */
export function History({ view, versions }: HistoryProps) {
  const list = useRef<HTMLOListElement>(null)
  useAddressed(list, versions.items !== undefined)
  return (
    <section class="block" aria-labelledby="history">
      <h2 id="history">History</h2>
      <Answer of={{ data: versions.items, error: versions.error }}>
        {(items) => (
          <ol class="history" ref={list}>
            {items.map((version, index) => (
              <HistoryRow
                key={version.version}
                view={view}
                version={version}
                before={versionBefore(items, index, versions.hasNextPage)}
              />
            ))}
          </ol>
        )}
      </Answer>
      <Pager of={versions} more="older versions" />
    </section>
  )
}

/** The one that was live before it, else the one that was made before it, which may be on the next page. */
function versionBefore(items: VersionView[], index: number, hasMore: boolean): number | undefined {
  const older = items.slice(index + 1)
  const found = older.find(({ liveAt }) => liveAt !== undefined) ?? older[0]
  const number = items[index]?.version ?? 1
  return found?.version ?? (hasMore ? number - 1 : undefined)
}

/** Shows the version that the address names, such as `#v3`, once there is a history. */
function useAddressed(list: { current: HTMLElement | null }, isThere: boolean): void {
  useEffect(() => {
    const show = () => {
      for (const row of list.current?.children ?? []) {
        const isNamed = `#${row.id}` === location.hash
        row.classList.toggle('addressed', isNamed)
        if (isNamed) row.scrollIntoView({ block: 'center' })
      }
    }
    show()
    // What wouter dispatches where a link changes the address without a load.
    const events = ['hashchange', 'popstate', 'pushState', 'replaceState']
    for (const event of events) addEventListener(event, show)
    return () => {
      for (const event of events) removeEventListener(event, show)
    }
  }, [list, isThere])
}
