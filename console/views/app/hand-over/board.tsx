import { useRef } from 'preact/hooks'
import { LaneRow } from './lane.tsx'
import { type Lane, PLACES, type Place } from './lanes.ts'
import { useMotion } from './motion.ts'
import './board.css'

const HEADINGS: Record<Place, string> = {
  starting: 'Starting',
  ready: 'Ready',
  draining: 'Draining',
  stopped: 'Stopped',
}

interface BoardProps {
  env: string
  app: string
  lanes: Lane[]
  /** When the versions took over from those before them, as far as is known. */
  liveAt: Map<number, string>
}

/** A lane for each version, a tile for each container: it starts on the left, works, drains and goes on the right. */
export function Board({ env, app, lanes, liveAt }: BoardProps) {
  const board = useRef<HTMLOListElement>(null)
  useMotion(board)
  const most = Math.max(1, ...lanes.flatMap(({ counts }) => Object.values(counts)))
  return (
    <div class="board">
      <div class="board-head" aria-hidden="true">
        <span />
        {PLACES.map((place) => (
          <span key={place}>{HEADINGS[place]}</span>
        ))}
        <span />
      </div>
      <ol class="lanes" ref={board} aria-label="Versions with containers, newest first">
        {lanes.map((lane) => (
          <LaneRow
            key={lane.version}
            {...{ env, app, lane, most }}
            since={lane.state === 'draining' ? outdatedAt(lane.version, liveAt) : undefined}
          />
        ))}
      </ol>
      {lanes.some(({ tiles }) => tiles !== undefined) && (
        <p class="board-key">A square is a container; its number is what it has in flight.</p>
      )}
    </div>
  )
}

/** When the version that came after it took over. */
function outdatedAt(version: number, liveAt: Map<number, string>): string | undefined {
  const later = [...liveAt].filter(([number]) => number > version).map(([, at]) => at)
  return later.sort()[0]
}
