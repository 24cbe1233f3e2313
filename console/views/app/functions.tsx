import { Link } from 'wouter-preact'
import type { AppView } from '../../../protocol/api.ts'
import { scheduleText } from '../../parts/schedule-text.ts'
import { WebLink } from '../../parts/web-link.tsx'

type FunctionView = AppView['functions'][number]

/** What the live version is made of. */
export function Functions({ view: { env, name: app, functions, urls } }: { view: AppView }) {
  return (
    <section aria-labelledby="functions" class="block">
      <h2 id="functions">Functions</h2>
      <div class="table">
        <table>
          <thead>
            <tr>
              <th scope="col">Function</th>
              <th scope="col">Reached by</th>
              <th scope="col">Containers</th>
              <th scope="col">Resources</th>
              <th scope="col">Calls</th>
            </tr>
          </thead>
          <tbody>
            {functions.map((one) => (
              <tr key={one.name}>
                <th scope="row">
                  <Link href={`/apps/${env}/${app}/functions/${one.name}`}>{one.name}</Link>
                </th>
                <td>
                  <ReachedBy one={one} url={urls[one.name]} />
                </td>
                <td>
                  {one.spec.minContainers} to {one.spec.maxContainers}
                  {Object.keys(one.overrides ?? {}).length > 0 && <span class="quiet">, set by hand</span>}
                </td>
                <td>
                  {one.spec.cpu} CPU, {one.spec.memory} MiB
                </td>
                <td>{workOf(one) || <span class="quiet">none</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function ReachedBy({ one, url }: { one: FunctionView; url: string | undefined }) {
  if (url !== undefined) return <WebLink href={url} />
  if (one.spec.schedule) return <>{scheduleText(one.spec.schedule)}</>
  return <span class="quiet">calls</span>
}

function workOf({ pending = 0, running = 0 }: FunctionView): string {
  return [running > 0 && `${running} running`, pending > 0 && `${pending} pending`].filter(Boolean).join(', ')
}
