import { useMemo } from 'preact/hooks'
import type { UsageLineView } from '../../../protocol/usage-view.ts'
import { Chart } from '../../parts/chart/chart.tsx'
import { COLOURS, type Grid, type Marker, type Series } from '../../parts/chart/series.ts'
import { byVersion, type Lines, restAsOne } from '../../parts/usage/by-version.ts'
import { gridOf, valuesOf } from '../../parts/usage/grid.ts'
import type { Usage } from '../../parts/usage/usage.ts'
import { MEASURES, type Measure, PHASES } from './measures.ts'

const REST = { function: 'Other functions', version: 'Older versions' } as const
const REQUESTS = 'Calls and requests'

interface CostChartsProps {
  usage: Usage
  measure: Measure
  deploys: Marker[]
}

/** Who took how much, and what for. */
export function CostCharts({ usage, measure, deploys }: CostChartsProps) {
  const { grid, whose, phases } = useMemo(() => drawn(usage, measure), [usage, measure])
  const { title, of: _, ...scale } = MEASURES[measure]
  const common = { shape: 'bars', grid, markers: deploys, ...scale } as const
  const { by } = usage.asked
  return (
    <section class="chart-grid" aria-labelledby="over-time">
      <h2 id="over-time" class="visually-hidden">
        Over time
      </h2>
      <Chart {...common} title={`${title} by ${by}`} rest={REST[by]} series={whose} />
      <Chart {...common} title={`${title} by what containers did`} rest={REQUESTS} series={phases} />
    </section>
  )
}

function drawn({ items, ...usage }: Usage, measure: Measure) {
  const grid = gridOf(usage)
  const { of } = MEASURES[measure]
  const groups = usage.asked.by === 'function' ? byFunction(items, of) : byVersion(items)
  const whose = restAsOne(groups, REST[usage.asked.by]).map(
    ({ lines, ...one }): Series => ({ ...one, values: valuesOf(grid, lines, (line) => of(line).total) }),
  )
  return { grid, whose, phases: byPhase(items, grid, measure) }
}

/** Those that took the most first; they alone have colours. */
function byFunction(items: UsageLineView[], of: (line: UsageLineView) => { total: number }): Lines[] {
  const sumOf = (lines: UsageLineView[]) => lines.reduce((sum, line) => sum + of(line).total, 0)
  return [...Map.groupBy(items, (line) => line.function ?? '')]
    .sort(([, a], [, b]) => sumOf(b) - sumOf(a))
    .map(([label, lines], rank) => ({ label, lines, colour: COLOURS[rank] ?? 'rest' }))
}

function byPhase(items: UsageLineView[], grid: Grid, measure: Measure): Series[] {
  const { of } = MEASURES[measure]
  const phases = PHASES.map(
    ([phase, label, colour]): Series => ({
      label,
      colour,
      values: valuesOf(grid, items, (line) => of(line)[phase]),
    }),
  )
  if (measure === 'time') return phases
  const values = valuesOf(grid, items, ({ cost }) => cost.requests)
  return [{ label: REQUESTS, colour: 'rest', values }, ...phases]
}
