import { count } from '../../parts/count.ts'
import { Fact } from '../../parts/fact.tsx'
import { scheduleText } from '../../parts/schedule-text.ts'
import { duration } from '../../parts/time.tsx'
import { WebLink } from '../../parts/web-link.tsx'
import { type FunctionOfApp, retriesText } from './settings.ts'

/** What the manifest of the live version says of a function, without the values of its variables. */
export function Configuration({ one: { spec }, url }: { one: FunctionOfApp; url: string | undefined }) {
  const variables = Object.keys(spec.env)
  return (
    <section class="card" aria-labelledby="configuration">
      <h2 id="configuration">Configuration</h2>
      <dl class="settings">
        <Fact name="Kind">{spec.kind}</Fact>
        {url !== undefined && (
          <Fact name="Address">
            <WebLink href={url} />
          </Fact>
        )}
        {spec.schedule && <Fact name="Schedule">{scheduleText(spec.schedule)}</Fact>}
        <Fact name="Size">
          {spec.cpu} vCPU, {spec.memory} MiB
        </Fact>
        <Fact name="At once">
          {count(spec.concurrency, spec.kind === 'web' ? 'request' : 'call')} in a container
        </Fact>
        <Fact name="Timeout">{duration(spec.timeout * 1000)}</Fact>
        <Fact name="Time to start">{duration(spec.startupTimeout * 1000)}</Fact>
        {spec.kind !== 'web' && <Fact name="Retries">{retriesText(spec.retries)}</Fact>}
        {spec.requiresAuth && <Fact name="Callers">only with a token</Fact>}
        {variables.length > 0 && <Fact name="Variables">{variables.join(', ')}</Fact>}
        {spec.secrets.length > 0 && <Fact name="Secrets">{spec.secrets.join(', ')}</Fact>}
        {spec.mounts.length > 0 && <Fact name="Mounts">{spec.mounts.map(({ at }) => at).join(', ')}</Fact>}
      </dl>
    </section>
  )
}
