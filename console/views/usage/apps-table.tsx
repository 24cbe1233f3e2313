import { Link } from 'wouter-preact'
import { Pager } from '../../parts/pager.tsx'
import { TableHead } from '../../parts/table-head.tsx'
import { dollars, percent } from '../../parts/usage/amounts.ts'
import { useFirst } from '../../parts/use-first.ts'
import { FIGURES } from './figures.ts'
import type { AppUsage } from './use-apps-usage.ts'
import '../../parts/card-table.css'

interface AppsTableProps {
  env: string
  range: string
  apps: AppUsage[]
  /** Dollars, of all of them. */
  cost: number
}

const OTHER_FIGURES = FIGURES.filter(([title]) => title !== 'Cost')

/** Each app with what it did and cost in the whole time, the dearest first. */
export function AppsTable({ env, range, apps, cost }: AppsTableProps) {
  const sorted = apps.toSorted((a, b) => b.cost.total - a.cost.total || a.app.localeCompare(b.app))
  const [first, more] = useFirst(sorted)
  return (
    <>
      <div class="table usage-lines">
        <table class="card-table">
          <caption class="visually-hidden">Usage by app</caption>
          <TableHead columns={['App', 'Cost', 'Share', ...OTHER_FIGURES.map(([title]) => title)]} words={1} />
          <tbody>
            {first.map((of) => (
              <AppLine key={of.app} of={of} href={`/apps/${env}/${of.app}/usage?range=${range}`} all={cost} />
            ))}
          </tbody>
        </table>
      </div>
      <Pager of={more} more="more apps" />
    </>
  )
}

function AppLine({ of, href, all }: { of: AppUsage; href: string; all: number }) {
  const { total } = of.cost
  const tags = Object.entries(of.tags ?? {})
  return (
    <tr>
      <th scope="row">
        <Link href={href}>{of.app}</Link>
        {tags.length > 0 && <p class="note">{tags.map(([name, value]) => `${name}: ${value}`).join(', ')}</p>}
      </th>
      <td data-label="Cost" class="number">
        {dollars(total)}
      </td>
      <td data-label="Share" class="number">
        {total > 0 && percent(total, all)}
      </td>
      {OTHER_FIGURES.map(([title, cell]) => (
        <td key={title} data-label={title} class="number">
          {cell(of)}
        </td>
      ))}
    </tr>
  )
}
