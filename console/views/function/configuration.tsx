import { scheduleText } from '../../parts/schedule-text.ts'
import { duration } from '../../parts/time.tsx'
import { WebLink } from '../../parts/web-link.tsx'
import { Setting } from './setting.tsx'
import { counted, type FunctionOfApp, retriesText } from './settings.ts'

/** What the manifest of the live version says of a function, without the values of its variables. */
export function Configuration({ one: { spec }, url }: { one: FunctionOfApp; url: string | undefined }) {
  const variables = Object.keys(spec.env)
  return (
    <section class="card" aria-labelledby="configuration">
      <h2 id="configuration">Configuration</h2>
      <dl class="settings">
        <Setting name="Kind">{spec.kind}</Setting>
        {url !== undefined && (
          <Setting name="Address">
            <WebLink href={url} />
          </Setting>
        )}
        {spec.schedule && <Setting name="Schedule">{scheduleText(spec.schedule)}</Setting>}
        <Setting name="Size">
          {spec.cpu} vCPU, {spec.memory} MiB
        </Setting>
        <Setting name="At once">
          {counted(spec.concurrency, spec.kind === 'web' ? 'request' : 'call')} in a container
        </Setting>
        <Setting name="Timeout">{duration(spec.timeout * 1000)}</Setting>
        <Setting name="Time to start">{duration(spec.startupTimeout * 1000)}</Setting>
        {spec.kind !== 'web' && <Setting name="Retries">{retriesText(spec.retries)}</Setting>}
        {spec.requiresAuth && <Setting name="Callers">only with a token</Setting>}
        {variables.length > 0 && <Setting name="Variables">{variables.join(', ')}</Setting>}
        {spec.secrets.length > 0 && <Setting name="Secrets">{spec.secrets.join(', ')}</Setting>}
        {spec.mounts.length > 0 && (
          <Setting name="Mounts">{spec.mounts.map(({ at }) => at).join(', ')}</Setting>
        )}
      </dl>
    </section>
  )
}
