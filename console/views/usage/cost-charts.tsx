import { useMemo } from 'preact/hooks'
import { Chart } from '../../parts/chart/chart.tsx'
import { COLOURS, type Grid, type Marker, type Series } from '../../parts/chart/series.ts'
import { byVersion } from '../../parts/usage/by-version.ts'
import { gridOf, valuesOf } from '../../parts/usage/grid.ts'
import type { Usage } from '../../parts/usage/usage.ts'
import { MEASURES, type Measure, PHASES } from './measures.ts'

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
      <Chart
        {...common}
        title={`${title} by ${by}`}
        rest={by === 'function' ? 'Other functions' : 'Older versions'}
        series={whose}
      />
      <Chart
        {...common}
        title={`${title} by what containers did`}
        rest="Calls and requests"
        series={phases}
      />
    </section>
  )
}

function drawn(usage: Usage, measure: Measure) {
  const grid = gridOf(usage)
  const whose =
    usage.asked.by === 'function' ? byFunction(usage, grid, measure) : versions(usage, grid, measure)
  return { grid, whose, phases: byPhase(usage, grid, measure) }
}

/** Those that took the most first; they alone have colours. */
function byFunction({ items }: Usage, grid: Grid, measure: Measure): Series[] {
  const { of } = MEASURES[measure]
  const groups = [...Map.groupBy(items, (line) => line.function ?? '')].map(([label, lines]) => ({
    label,
    sum: lines.reduce((sum, line) => sum + of(line).total, 0),
    values: valuesOf(grid, lines, (line) => of(line).total),
  }))
  return groups
    .sort((a, b) => b.sum - a.sum)
    .map(({ label, values }, rank) => ({ label, values, colour: COLOURS[rank] ?? 'rest' }))
}

function versions({ items }: Usage, grid: Grid, measure: Measure): Series[] {
  const { of } = MEASURES[measure]
  return byVersion(items).map(({ label, colour, lines }) => ({
    label,
    colour,
    values: valuesOf(grid, lines, (line) => of(line).total),
  }))
}

function byPhase({ items }: Usage, grid: Grid, measure: Measure): Series[] {
  const { of } = MEASURES[measure]
  const phases = PHASES.map(([phase, label, colour]): Series => {
    return { label, colour, values: valuesOf(grid, items, (line) => of(line)[phase]) }
  })
  if (measure === 'time') return phases
  const values = valuesOf(grid, items, ({ cost }) => cost.requests)
  return [{ label: 'Calls and requests', colour: 'rest', values }, ...phases]
}
