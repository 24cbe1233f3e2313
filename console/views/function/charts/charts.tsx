import { useMemo } from 'preact/hooks'
import type { UsageLineView } from '../../../../protocol/usage-view.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import { type Grid, isEmpty, type Marker, type Series } from '../../../parts/chart/series.ts'
import { amount, latency } from '../../../parts/usage/amounts.ts'
import { byVersion, type Lines, restAsOne } from '../../../parts/usage/by-version.ts'
import { gridOf, minutesOf, valuesOf } from '../../../parts/usage/grid.ts'
import type { Usage } from '../../../parts/usage/usage.ts'

const REST = 'Older versions'
/** More would tell nothing; the table has them all. */
const MOST_LINES = 12

/** The same time in each, and the same colour for a version. */
export function Charts({ usage, deploys }: { usage: Usage; deploys: Marker[] }) {
  const { grid, rates, errors, durations } = useMemo(() => drawn(usage), [usage])
  const common = { grid, markers: deploys, rest: REST }
  const what = usage.total.requests > 0 ? 'Requests' : 'Calls'
  return (
    <div class="chart-grid">
      <Chart {...common} shape="bars" title={`${what} per minute`} series={rates} format={amount} />
      <Chart {...common} shape="lines" title="Duration, p50 to p95" series={durations} format={latency} />
      {isEmpty(errors) ? (
        <NoErrors />
      ) : (
        <Chart {...common} shape="bars" title="Errors" series={errors} format={amount} />
      )}
    </div>
  )
}

function NoErrors() {
  return (
    <div class="card no-errors">
      <h3>Errors</h3>
      <p class="quiet">None in this time.</p>
    </div>
  )
}

function drawn(usage: Usage) {
  const grid = gridOf(usage)
  const versions = byVersion(usage.items.filter(({ calls, requests }) => calls + requests > 0))
  const bars = (value: (line: UsageLineView) => number): Series[] =>
    restAsOne(versions, REST).map(({ lines, ...one }) => ({ ...one, values: valuesOf(grid, lines, value) }))
  return {
    grid,
    rates: bars((line) => (line.calls + line.requests) / minutesOf(grid, line.at)),
    errors: bars((line) => line.errors + line.serverErrors),
    durations: versions.slice(0, MOST_LINES).map((one) => durationsOf(grid, one)),
  }
}

/** Quantiles of several versions do not add up, so each has its own. */
function durationsOf(grid: Grid, { lines, ...one }: Lines): Series {
  const timed = lines.filter(({ durationMs }) => durationMs !== undefined)
  const values = (of: 'p50' | 'p95') => valuesOf(grid, timed, ({ durationMs }) => durationMs?.[of] ?? 0)
  return { ...one, values: values('p50'), upTo: values('p95') }
}
