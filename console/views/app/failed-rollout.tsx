import { Link } from 'wouter-preact'
import type { AppView } from '../../../protocol/app-view.ts'
import { Text } from '../../parts/value.tsx'
import { Visible } from '../../parts/visible.tsx'

/** Why the newest version is not live, with the last lines that its containers wrote. */
export function FailedRollout({ view: { env, name, state, lastRollout, liveVersion } }: { view: AppView }) {
  if (state !== 'deployed' || lastRollout?.status !== 'failed' || !lastRollout.error) return null
  const { message, logs } = lastRollout.error
  const log = `/apps/${env}/${name}/logs?version=${lastRollout.version}`
  return (
    <section class="problem" aria-label={`Rollout of v${lastRollout.version}`}>
      <p>
        <strong>v{lastRollout.version} did not go live.</strong>{' '}
        {liveVersion !== undefined && `v${liveVersion} serves on.`}
      </p>
      <p>
        <Visible text={message.split('\n')[0] ?? ''} /> <Link href={log}>See its log</Link>
      </p>
      {logs.length > 0 && (
        <Text label="Last lines of the log">{logs.map((line) => [<Visible text={line} />, '\n'])}</Text>
      )}
    </section>
  )
}
