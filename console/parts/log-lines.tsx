import { useMemo } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { LogLine } from '../../protocol/log-line.ts'
import { type LogFeed, nameOf } from '../api/log-feed.ts'
import { Moment } from './moment.tsx'
import { Scrollable } from './scrollable.tsx'
import { useWindow } from './use-window.ts'
import { Visible } from './visible.tsx'
import './log-lines.css'

/** In pixels, as in the style: that all rows are equally high is what keeps a long log smooth. */
const ROW = 24
/** Of a longer line the row shows the beginning. */
const MOST_SHOWN = 1_000

interface LogLinesProps {
  /** As `useLogs` has it. */
  of: Pick<LogFeed, 'lines' | 'first'>
  /** What they are, such as `Log of the call`. */
  label: string
  /** What is searched for, to be marked. */
  search?: string | undefined
  /** The line that is picked out, by its name. */
  chosen?: string | undefined
  /** Where a line's time leads to; to the log around it unless told otherwise. */
  hrefOf?: (line: LogLine) => string
}

/** Lines of a log, of which only those in sight are in the page. At the end it goes on with what comes. */
export function LogLines({ of: { lines, first }, label, search, chosen, hrefOf = lineHref }: LogLinesProps) {
  const place = useMemo(() => lines.findIndex((line) => nameOf(line) === chosen), [lines, chosen])
  const tellsFunction = useMemo(() => differ(lines), [lines])
  const beginAt = place === -1 ? undefined : first + place
  const { ref, from, to, unseen, isAtEnd, toEnd } = useWindow({
    first,
    count: lines.length,
    height: ROW,
    beginAt,
  })
  return (
    <div class="log">
      <Scrollable class="log-lines" box={ref} label={label}>
        <ol style={{ height: `${lines.length * ROW}px`, paddingTop: `${from * ROW}px` }}>
          {lines.slice(from, to).map((line, index) => (
            <li
              key={first + from + index}
              class={`log-line log-${line.source}`}
              aria-setsize={lines.length}
              aria-posinset={from + index + 1}
              aria-current={from + index === place ? 'true' : undefined}
            >
              <Link href={hrefOf(line)} class="log-time">
                <Moment at={line.at} />
              </Link>
              {tellsFunction && <span class="log-function">{whoseIs(line)}</span>}
              {line.source !== 'stdout' && <span class="log-source">{line.source}</span>}
              <span class="log-text">
                <Visible text={line.line.slice(0, MOST_SHOWN)} search={search} />
              </span>
            </li>
          ))}
        </ol>
      </Scrollable>
      {!isAtEnd && (
        <button type="button" class="log-end" onClick={toEnd}>
          Jump to the end{unseen > 0 && ` · ${unseen} new`}
        </button>
      )}
    </div>
  )
}

/** The log of the app around a line. */
export function lineHref(line: LogLine): string {
  const { env, app, at } = line
  return `/apps/${env}/${app}/logs?${new URLSearchParams({ line: nameOf(line), at })}`
}

function differ([one, ...others]: readonly LogLine[]): boolean {
  return others.some((other) => other.function !== one?.function || other.version !== one?.version)
}

const whoseIs = ({ function: name = '', version }: LogLine): string =>
  version === undefined ? name : `${name} v${version}`
