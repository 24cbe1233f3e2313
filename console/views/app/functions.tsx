import { Link } from 'wouter-preact'
import type { AppView } from '../../../protocol/app-view.ts'
import { own } from '../../../protocol/own.ts'
import { count } from '../../parts/count.ts'
import { scheduleText } from '../../parts/schedule-text.ts'
import { WebLink } from '../../parts/web-link.tsx'

type FunctionView = AppView['functions'][number]

/** What the live version is made of. */
export function Functions({ view: { env, name: app, functions, urls } }: { view: AppView }) {
  return (
    <section aria-labelledby="functions" class="block">
      <h2 id="functions">Functions</h2>
      <ul class="functions">
        {functions.map((one) => (
          <li key={one.name} class="function">
            <Link class="function-name" href={`/apps/${env}/${app}/functions/${one.name}`}>
              {one.name}
            </Link>
            <span>
              <ReachedBy one={one} url={own(urls, one.name)} />
            </span>
            <span>
              {range(one.spec)}
              {Object.keys(one.overrides ?? {}).length > 0 && <span class="quiet">, set by hand</span>}
            </span>
            <span class="quiet">
              {one.spec.cpu} CPU, {one.spec.memory} MiB
            </span>
            <span>{workOf(one)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function ReachedBy({ one, url }: { one: FunctionView; url: string | undefined }) {
  if (url !== undefined) return <WebLink href={url} />
  if (one.spec.schedule) return <>{scheduleText(one.spec.schedule)}</>
  return <span class="quiet">by calls</span>
}

function workOf({ pending = 0, running = 0 }: FunctionView): string {
  return [running > 0 && `${running} running`, pending > 0 && `${pending} pending`].filter(Boolean).join(', ')
}

function range({ minContainers: min, maxContainers: max }: FunctionView['spec']): string {
  return min === max ? count(max, 'container') : `${min} to ${count(max, 'container')}`
}
