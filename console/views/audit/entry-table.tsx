import { Link } from 'wouter-preact'
import type { AuditEntryView } from '../../../protocol/audit.ts'
import { TableHead } from '../../parts/table-head.tsx'
import { exactTime, When } from '../../parts/time.tsx'
import { VersionLink } from '../../parts/version-link.tsx'
import { Visible } from '../../parts/visible.tsx'
import '../../parts/card-table.css'
import './audit.css'

interface EntryTableProps {
  entries: AuditEntryView[]
  /** Whether they are of many apps. */
  withApp: boolean
}

export function EntryTable({ entries, withApp }: EntryTableProps) {
  return (
    <div class="table">
      <table class="card-table audit">
        <TableHead columns={['What', withApp && 'App', 'By', 'When', 'Change', 'Why']} />
        <tbody>
          {entries.map((entry) => (
            <Entry key={entry.id} of={entry} withApp={withApp} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Entry({ of: entry, withApp }: { of: AuditEntryView; withApp: boolean }) {
  const { env, app, by, client, at, reason } = entry
  return (
    <tr>
      <th scope="row">
        <What of={entry} />
      </th>
      {withApp && (
        <td data-label="App">{app !== undefined && <Link href={`/apps/${env}/${app}/audit`}>{app}</Link>}</td>
      )}
      <td data-label="By">
        <Visible text={by} />
        {client !== undefined && (
          <p class="note">
            <Visible text={client} />
          </p>
        )}
      </td>
      <td data-label="When" class="when">
        <When at={at} />
        <p class="note">{exactTime(at)}</p>
      </td>
      <td data-label="Change">
        <Change of={entry} />
      </td>
      <td data-label="Why">{reason !== undefined && <Visible text={reason} />}</td>
    </tr>
  )
}

/** What was done, in the words of the audit, and to what. */
function What({ of: { env, app, action, version, function: name, subject } }: { of: AuditEntryView }) {
  return (
    <>
      <span class="action">{action.replace('.', ' ')}</span>{' '}
      {app !== undefined && version !== undefined && <VersionLink env={env} app={app} version={version} />}
      {name !== undefined && <p class="note">{name}</p>}
      {subject !== undefined && (
        <p class="note">
          <Visible text={subject} />
        </p>
      )}
    </>
  )
}

function Change({ of: { before, after } }: { of: AuditEntryView }) {
  if (before === undefined) return after === undefined ? null : <Visible text={after} />
  if (after === undefined)
    return (
      <>
        was <Visible text={before} />
      </>
    )
  return (
    <>
      <Visible text={before} /> <span aria-hidden="true">→</span>
      <span class="visually-hidden">became</span> <Visible text={after} />
    </>
  )
}
