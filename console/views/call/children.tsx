import type { CallView } from '../../../protocol/api.ts'
import { usePages } from '../../api/queries.ts'
import { CallTable } from '../../parts/call-table.tsx'
import { Pager } from '../../parts/pager.tsx'
import { Problem } from '../../parts/problem.tsx'

/** The calls that a call has made. Nothing where it has made none. */
export function Children({ call: { id } }: { call: CallView }) {
  const children = usePages('listChildren', { params: { id } })
  if (children.error) return <Problem error={children.error} />
  if (!children.items?.length) return null
  return (
    <div class="block">
      <h2>Calls that it made</h2>
      <CallTable calls={children.items} label="Calls that it made" withFunction />
      <Pager of={children} more="later ones" />
    </div>
  )
}
