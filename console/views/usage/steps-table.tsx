import { FiguresTable } from '../../parts/chart/figures-table.tsx'
import { stretch } from '../../parts/chart/moments.ts'
import { amount, containerTime, dollars } from '../../parts/usage/amounts.ts'
import { gridOf, latestFirst } from '../../parts/usage/grid.ts'
import type { Usage } from '../../parts/usage/usage.ts'
import { PHASES } from './measures.ts'

/** What the charts show, in figures, the latest first. */
export function StepsTable({ usage }: { usage: Usage }) {
  const { by } = usage.asked
  const headings = [
    ...['Time', by === 'function' ? 'Function' : 'Version', 'Cost', 'Calls and requests', 'Container time'],
    ...PHASES.map(([, name]) => name),
  ]
  const rows = () => {
    const { step, until } = gridOf(usage)
    return latestFirst(usage.items).map((line) => [
      line.at === undefined ? '' : stretch(Date.parse(line.at), step, until),
      line.function ?? `v${line.version}`,
      dollars(line.cost.total),
      amount(line.calls + line.requests),
      containerTime(line.containerSeconds.total),
      ...PHASES.map(([phase]) => containerTime(line.containerSeconds[phase])),
    ])
  }
  return <FiguresTable caption={`Usage by time and ${by}`} headings={headings} words={2} rows={rows} />
}
