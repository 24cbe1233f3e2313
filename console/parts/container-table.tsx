import './card-table.css'
import './container-table.css'
import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { ContainerView } from '../../protocol/api.ts'
import { useMay } from '../shell/use-may.ts'
import { inFlight } from './count.ts'
import { StateBadge } from './state-badge.tsx'
import { StopContainerDialog } from './stop-container-dialog.tsx'
import { TableHead } from './table-head.tsx'
import { Age, When } from './time.tsx'
import { VersionLink } from './version-link.tsx'

interface ContainerTableProps {
  containers: ContainerView[]
  label: string
  /** Whether they may be of several functions. */
  withFunction?: boolean
}

/** Containers, one a row, each with the way to its log and to its end. */
export function ContainerTable({ containers, label, withFunction = false }: ContainerTableProps) {
  const [stopping, setStopping] = useState<ContainerView>()
  const mayStop = useMay('deploy')
  return (
    <section class="table" aria-label={label}>
      <table class="card-table">
        <TableHead
          columns={[
            'Container',
            withFunction && 'Function',
            'State',
            'Version',
            'In flight',
            'Age',
            'Reason',
          ]}
          withActions={mayStop}
        />
        <tbody>
          {containers.map((container) => (
            <Row
              key={container.id}
              container={container}
              withFunction={withFunction}
              onStop={mayStop ? () => setStopping(container) : undefined}
            />
          ))}
        </tbody>
      </table>
      {stopping && <StopContainerDialog container={stopping} onClose={() => setStopping(undefined)} />}
    </section>
  )
}

interface RowProps {
  container: ContainerView
  withFunction: boolean
  onStop: (() => void) | undefined
}

function Row({ container, withFunction, onStop }: RowProps) {
  const { id, env, app, function: name, state, version, running, requests, startedAt, stoppedAt } = container
  return (
    <tr>
      <th scope="row">
        <Link href={`/apps/${env}/${app}/logs?container=${id}`}>
          <code>{id}</code>
        </Link>
      </th>
      {withFunction && (
        <td data-label="Function">
          <Link href={`/apps/${env}/${app}/functions/${name}`}>{name}</Link>
        </td>
      )}
      <td data-label="State">
        <StateBadge state={state} />
      </td>
      <td data-label="Version">
        <VersionLink env={env} app={app} version={version} />
      </td>
      <td data-label="In flight">{inFlight({ calls: running, requests })}</td>
      <td data-label="Age">
        {stoppedAt === undefined ? (
          <Age since={startedAt} />
        ) : (
          <>
            <Age since={startedAt} until={stoppedAt} />, stopped <When at={stoppedAt} />
          </>
        )}
      </td>
      <td data-label="Reason">{container.reason}</td>
      {onStop && (
        <td class="stop-cell">
          {state !== 'stopped' && (
            <button type="button" onClick={onStop} aria-label={`Stop ${id}`}>
              Stop
            </button>
          )}
        </td>
      )}
    </tr>
  )
}
