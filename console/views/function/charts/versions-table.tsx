import { FiguresTable } from '../../../parts/chart/figures-table.tsx'
import { stretch } from '../../../parts/chart/moments.ts'
import { amount, latency } from '../../../parts/usage/amounts.ts'
import { gridOf, latestFirst, minutesOf } from '../../../parts/usage/grid.ts'
import type { Usage } from '../../../parts/usage/usage.ts'

const HEADINGS = ['Time', 'Version', 'Per minute', 'Errors', 'p50', 'p95']

/** What the charts show, in figures, the latest first. */
export function VersionsTable({ usage }: { usage: Usage }) {
  const rows = () => {
    const grid = gridOf(usage)
    return latestFirst(usage.items)
      .filter(({ calls, requests }) => calls + requests > 0)
      .map((line) => [
        line.at === undefined ? '' : stretch(Date.parse(line.at), grid.step, grid.until),
        `v${line.version}`,
        amount((line.calls + line.requests) / minutesOf(grid, line.at)),
        amount(line.errors + line.serverErrors),
        line.durationMs ? latency(line.durationMs.p50) : '',
        line.durationMs ? latency(line.durationMs.p95) : '',
      ])
  }
  return <FiguresTable caption="Activity by time and version" headings={HEADINGS} words={2} rows={rows} />
}
