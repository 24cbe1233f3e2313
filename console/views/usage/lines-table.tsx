import { Link } from 'wouter-preact'
import type { UsageLineView } from '../../../protocol/usage-view.ts'
import { Pager } from '../../parts/pager.tsx'
import { TableHead } from '../../parts/table-head.tsx'
import type { Usage } from '../../parts/usage/usage.ts'
import { useFirst } from '../../parts/use-first.ts'
import { VersionLink } from '../../parts/version-link.tsx'
import { FIGURES } from './figures.ts'

interface LinesTableProps {
  env: string
  app: string
  usage: Usage
}

/** Each function or version with what it did and cost in the whole time. */
export function LinesTable({ env, app, usage: { items, asked } }: LinesTableProps) {
  const [first, more] = useFirst(items)
  const heading = asked.by === 'function' ? 'Function' : 'Version'
  return (
    <>
      <div class="table usage-lines">
        <table>
          <caption class="visually-hidden">Usage by {asked.by}</caption>
          <TableHead columns={[heading, ...FIGURES.map(([title]) => title)]} words={1} />
          <tbody>
            {first.map((line) => (
              <tr key={line.function ?? line.version}>
                <th scope="row">
                  <NameOf line={line} env={env} app={app} />
                </th>
                {FIGURES.map(([title, cell]) => (
                  <td key={title} class="number">
                    {cell(line)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager of={more} more={`more ${asked.by}s`} />
    </>
  )
}

function NameOf({ line, env, app }: { line: UsageLineView; env: string; app: string }) {
  if (line.version !== undefined) return <VersionLink env={env} app={app} version={line.version} />
  const name = line.function ?? ''
  return <Link href={`/apps/${env}/${app}/functions/${encodeURIComponent(name)}`}>{name}</Link>
}
