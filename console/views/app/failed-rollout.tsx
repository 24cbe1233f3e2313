import type { AppView } from '../../../protocol/api.ts'
import { Text } from '../../parts/value.tsx'

/** Why the newest version is not live, with the last lines that its containers wrote. */
export function FailedRollout({ view: { lastRollout, liveVersion } }: { view: AppView }) {
  if (lastRollout?.status !== 'failed' || !lastRollout.error) return null
  const { message, logs } = lastRollout.error
  return (
    <section class="problem" aria-label={`Rollout of v${lastRollout.version}`}>
      <p>
        <strong>v{lastRollout.version} did not go live.</strong>{' '}
        {liveVersion !== undefined && `v${liveVersion} serves on.`}
      </p>
      <p>{message}</p>
      {logs.length > 0 && <Text label="Last lines of the log">{logs.join('\n')}</Text>}
    </section>
  )
}
