import { Link } from 'wouter-preact'
import { useAnswer } from '../../api/queries.ts'
import { Answer } from '../../parts/answer.tsx'
import { CallTable } from '../../parts/call-table.tsx'

const SHOWN = 10

interface RecentCallsProps {
  env: string
  app: string
  name: string
}

/** The newest calls of a function. */
export function RecentCalls({ env, app, name }: RecentCallsProps) {
  const answer = useAnswer('listCalls', { params: { app }, query: { env, function: name, limit: SHOWN } })
  return (
    <section class="block" aria-labelledby="calls">
      <header class="block-header">
        <h2 id="calls">Recent calls</h2>
        <Link href={`/apps/${env}/${app}/calls?function=${name}`}>All calls of {name}</Link>
      </header>
      <Answer of={answer}>
        {({ items, cursor }) =>
          items.length === 0 ? (
            <p class="quiet">{cursor === undefined ? 'Nobody has called it yet.' : 'None lately.'}</p>
          ) : (
            <CallTable calls={items} label={`Recent calls of ${name}`} />
          )
        }
      </Answer>
    </section>
  )
}
