import { moment } from './moments.ts'
import type { Drawing } from './plot.ts'
import { highest } from './series.ts'

/** More would be a list, and there is a table. */
const MOST_DEPLOYS = 5

/** What a chart shows, for whoever does not see it: how high what is told apart goes, and what was deployed meanwhile. */
export function spoken({ series, format, markers, grid }: Drawing): string {
  const heights = series
    .filter(({ colour }) => colour !== 'rest')
    .map(({ label, values, upTo }) => `${label} up to ${format(highest(upTo ?? values))}`)
  const deploys = markers
    .filter(({ at }) => at >= grid.since)
    .slice(0, MOST_DEPLOYS)
    .map(({ at, label }) => `${label} live since ${moment(at, grid.until)}`)
  return [heights.join(', '), deploys.join(', ')].filter(Boolean).join('. ')
}
