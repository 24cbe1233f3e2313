import type { AppActivity } from '../../../protocol/activity.ts'

const BAR = 7
const GAP = 2
const HEIGHT = 26
/** Of a slot in which there was anything at all. */
const LEAST = 2

const compact = new Intl.NumberFormat('en', { notation: 'compact' })

/** Calls and requests in slots of five minutes, with those that failed apart. */
export function LastHour({ of }: { of: AppActivity }) {
  const all = of.calls.map((calls, slot) => calls + (of.requests[slot] ?? 0))
  const failed = of.errors.map((errors, slot) => errors + (of.serverErrors[slot] ?? 0))
  const [total, totalFailed] = [sum(all), sum(failed)]
  if (total === 0) return <span class="quiet">nothing</span>
  const scale = HEIGHT / Math.max(...all)
  const width = all.length * (BAR + GAP) - GAP
  return (
    <div class="last-hour">
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
        <path class="bar" d={bars(all.map(() => 1))} />
        <path class="bar-all" d={bars(all.map((count) => heightOf(count, scale)))} />
        <path class="bar-failed" d={bars(failed.map((count) => heightOf(count, scale)))} />
      </svg>
      <p class="note">{[told(sum(of.calls), 'call'), told(sum(of.requests), 'request')].flat().join(', ')}</p>
      {totalFailed > 0 && <p class="note failed">{told(totalFailed, 'error')}</p>}
    </div>
  )
}

const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0)

const heightOf = (count: number, scale: number): number => (count === 0 ? 0 : Math.max(LEAST, count * scale))

/** Columns that stand on the ground, as one outline. */
const bars = (heights: number[]): string =>
  heights
    .map((height, slot) => `M${slot * (BAR + GAP)} ${HEIGHT}v${-height.toFixed(1)}h${BAR}V${HEIGHT}z`)
    .join('')

const told = (count: number, noun: string): string[] =>
  count === 0 ? [] : [`${compact.format(count)} ${noun}${count === 1 ? '' : 's'}`]
