import type { AppView } from '../../../protocol/api.ts'

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
      {logs.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard has to be able to scroll it (WCAG 2.1.1)
        <section class="value" tabIndex={0} aria-label="Last lines of the log">
          <pre>{logs.join('\n')}</pre>
        </section>
      )}
    </section>
  )
}
