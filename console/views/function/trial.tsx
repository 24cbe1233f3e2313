import { Link } from 'wouter-preact'
import type { CallView } from '../../../protocol/api.ts'
import { CallOutcome } from '../../parts/call-outcome.tsx'
import { CallLog } from '../../parts/log.tsx'
import { Problem } from '../../parts/problem.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { Age } from '../../parts/time.tsx'
import { hasEnded, useCall } from '../../parts/use-call.ts'

/** Seconds that the API may hold its answer for the end of the call. */
const WAIT = 25

/** A call that was made just now, until it has ended. */
export function Trial({ call: begun }: { call: CallView }) {
  const answer = useCall(begun.id, hasEnded(begun) ? {} : { wait: WAIT })
  const call = answer.data ?? begun
  const { env, app, id, status, startedAt, endedAt } = call
  return (
    <section class="block" aria-label="Outcome">
      <p role="status">
        <StateBadge state={status} />{' '}
        {startedAt !== undefined && endedAt !== undefined && (
          <>
            in <Age since={startedAt} until={endedAt} />{' '}
          </>
        )}
        <Link href={`/apps/${env}/${app}/calls/${id}`}>
          <code>{id}</code>
        </Link>
      </p>
      <CallOutcome call={call} />
      <Problem error={answer.error} />
      <CallLog env={env} app={app} call={id} endedAt={call.endedAt} />
    </section>
  )
}
