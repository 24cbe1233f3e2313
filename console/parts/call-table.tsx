import './card-table.css'
import { Link } from 'wouter-preact'
import type { CallView } from '../../protocol/api.ts'
import { StateBadge } from './state-badge.tsx'
import { TableHead } from './table-head.tsx'
import { Age, When } from './time.tsx'
import { VersionLink } from './version-link.tsx'

interface CallTableProps {
  calls: CallView[]
  label: string
  /** Whether they may be of several functions. */
  withFunction?: boolean
}

/** Calls, one a row. */
export function CallTable({ calls, label, withFunction = false }: CallTableProps) {
  return (
    <section class="table" aria-label={label}>
      <table class="card-table">
        <TableHead
          columns={[
            'Call',
            withFunction && 'Function',
            'Status',
            'Version',
            'Asked by',
            'Created',
            'Took',
            'Attempts',
          ]}
        />
        <tbody>
          {calls.map((call) => (
            <Row key={call.id} call={call} withFunction={withFunction} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Row({ call, withFunction }: { call: CallView; withFunction: boolean }) {
  const { env, app, function: name } = call
  return (
    <tr>
      <th scope="row">
        <Link href={`/apps/${env}/${app}/calls/${call.id}`}>
          <code>{call.id}</code>
        </Link>
      </th>
      {withFunction && (
        <td data-label="Function">
          <Link href={`/apps/${env}/${app}/functions/${name}`}>{name}</Link>
        </td>
      )}
      <td data-label="Status">
        <StateBadge state={call.status} />
      </td>
      <td data-label="Version">
        {call.version !== undefined && <VersionLink env={env} app={app} version={call.version} />}
      </td>
      <td data-label="Asked by">{call.by}</td>
      <td data-label="Created">
        <When at={call.createdAt} />
      </td>
      <td data-label="Took">
        {call.startedAt !== undefined && call.status !== 'pending' && (
          <Age since={call.startedAt} until={call.endedAt} />
        )}
      </td>
      <td data-label="Attempts">{call.attempts}</td>
    </tr>
  )
}
