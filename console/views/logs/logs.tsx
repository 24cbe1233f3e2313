import { useState } from 'preact/hooks'
import { Link, useSearchParams } from 'wouter-preact'
import type { LogLine } from '../../../protocol/log-line.ts'
import { nameOf } from '../../api/log-feed.ts'
import { useLogs } from '../../api/use-logs.ts'
import { Empty } from '../../parts/empty.tsx'
import { Log } from '../../parts/log.tsx'
import { withValues } from '../../parts/with-values.ts'
import { AppPage } from '../app-page.tsx'
import { FILTERS, filterIn, lineIn } from './filter.ts'
import { LineDetail } from './line-detail.tsx'
import { LogFilters } from './log-filters.tsx'
import './logs.css'

interface LogsProps {
  env: string
  app: string
}

/** What an app writes, and what happens to it; its address tells which lines, and which one is picked out. */
export function LogsView({ env, app }: LogsProps) {
  const [address, setAddress] = useSearchParams()
  const filter = filterIn(address)
  const wanted = lineIn(address)
  const { feed, isAround } = useLinesFor({ env, app, ...filter }, wanted)
  const chosen = feed.lines.find((line) => nameOf(line) === wanted?.line)
  const change = (values: Record<string, string>) =>
    setAddress((address) => withValues(address, values), { replace: true })
  const hrefTo = (values: Record<string, string>) => `?${withValues(address, values)}`
  const hrefOf = (line: LogLine) => hrefTo({ line: nameOf(line), at: line.at })
  const isFiltered = FILTERS.some((name) => filter[name] !== undefined)
  return (
    <AppPage env={env} app={app} about="Logs">
      <LogFilters env={env} app={app} filter={filter} onChange={change} />
      {isAround && (
        <p class="around">
          <span>
            {chosen || feed.state === 'loading'
              ? 'These lines are from around the one that is picked out.'
              : 'The line is not here: it is kept no longer, or the filters leave it out.'}
          </span>
          <Link href={hrefTo({ line: '', at: '' })}>Follow new lines</Link>
        </p>
      )}
      <Log of={feed} label={`Log of ${app}`} search={filter.search} chosen={wanted?.line} hrefOf={hrefOf}>
        {isFiltered ? (
          <Empty title="No line fits.">
            <Link href={`/apps/${env}/${app}/logs`}>Show all lines</Link>
          </Empty>
        ) : (
          <Empty title="Nothing has been written yet.">
            <p>What its functions print appears here, and what happens to the app.</p>
          </Empty>
        )}
      </Log>
      {chosen && <LineDetail line={chosen} hrefTo={hrefTo} search={filter.search} />}
    </AppPage>
  )
}

/** Lines go on being followed where the one that is picked out is among them. */
function useLinesFor(of: LogsProps & ReturnType<typeof filterIn>, wanted: ReturnType<typeof lineIn>) {
  const [around, setAround] = useState(wanted?.at)
  const feed = useLogs(of, around === undefined ? 'follow' : { around })
  const isHere = feed.lines.some((line) => nameOf(line) === wanted?.line)
  if (wanted === undefined && around !== undefined) setAround(undefined)
  if (wanted !== undefined && wanted.at !== around && !isHere) setAround(wanted.at)
  return { feed, isAround: around !== undefined }
}
