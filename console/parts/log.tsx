import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { LogLine } from '../../protocol/log-line.ts'
import { type LogFeed, MOST_LINES } from '../api/log-feed.ts'
import { useLogs } from '../api/use-logs.ts'
import { LogLines } from './log-lines.tsx'
import { Problem } from './problem.tsx'
import { Waiting } from './waiting.tsx'

/** So long after its end, the last words of a call may still come. */
const LAST_WORDS_MS = 60_000

interface LogProps {
  /** As `useLogs` has it. */
  of: LogFeed
  label: string
  search?: string | undefined
  chosen?: string | undefined
  hrefOf?: (line: LogLine) => string
  /** Whether nothing more is to be expected. */
  isOver?: boolean
  /** What is said where there are no lines. */
  children: ComponentChildren
}

/** A log with all that there is to say of it: that it is awaited, empty, refused, or cut off for the moment. */
export function Log({ of: feed, isOver = false, children, ...lines }: LogProps) {
  return (
    <>
      <Problem error={feed.error} />
      {feed.hasOlder && <More doing="Show older lines" onDo={() => feed.older()} />}
      {feed.lines.length > 0 ? <LogLines of={feed} {...lines} /> : <Nothing feed={feed}>{children}</Nothing>}
      {feed.hasNewer && <More doing="Show newer lines" onDo={() => feed.newer()} />}
      <p class="hint" role="status">
        {told(feed, isOver)}
      </p>
    </>
  )
}

/** What a call has written, and what it still writes. */
export function CallLog(props: { env: string; app: string; call: string; endedAt?: string | undefined }) {
  const { endedAt, ...of } = props
  const [extent] = useState(isSilent(endedAt) ? ('read' as const) : ('follow' as const))
  const feed = useLogs(of, extent)
  return (
    <div class="log-short">
      <Log of={feed} label="Log of the call" isOver={endedAt !== undefined}>
        <p class="quiet">It has written nothing.</p>
      </Log>
    </div>
  )
}

function isSilent(endedAt: string | undefined): boolean {
  return endedAt !== undefined && Date.now() - Date.parse(endedAt) > LAST_WORDS_MS
}

function More({ doing, onDo }: { doing: string; onDo: () => Promise<void> }) {
  const [isBusy, setBusy] = useState(false)
  const act = async () => {
    if (isBusy) return
    setBusy(true)
    await onDo()
    setBusy(false)
  }
  return (
    <p class="pager">
      <button type="button" aria-disabled={isBusy} onClick={act}>
        {isBusy ? 'Loading…' : doing}
      </button>
    </p>
  )
}

function Nothing({ feed, children }: { feed: LogFeed; children: ComponentChildren }) {
  if (feed.error) return null
  if (feed.state === 'loading') return <Waiting />
  return <div class="log-empty">{children}</div>
}

function told({ state, lines }: LogFeed, isOver: boolean): string {
  if (state === 'lost') return 'The log is not answered at the moment; it is tried again by itself.'
  if (lines.length >= MOST_LINES)
    return `Only the last ${MOST_LINES.toLocaleString()} lines are kept here. Narrow them down to see more.`
  return state === 'following' && !isOver ? 'New lines appear as they are written.' : ''
}
