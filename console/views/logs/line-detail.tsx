import { useEffect, useRef } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { LogLine } from '../../../protocol/log-line.ts'
import { nameOf } from '../../api/log-feed.ts'
import { When } from '../../parts/time.tsx'
import { VersionLink } from '../../parts/version-link.tsx'
import { Visible } from '../../parts/visible.tsx'

interface LineDetailProps {
  line: LogLine
  search: string | undefined
  /** The log with other filters. */
  hrefTo: (values: Record<string, string>) => string
}

/** The line that is picked out, in full, with whose it is. */
export function LineDetail({ line, search, hrefTo }: LineDetailProps) {
  const { env, app, at, source, container, call, version } = line
  const home = `/apps/${env}/${app}`
  const ref = useRef<HTMLElement>(null)
  const name = nameOf(line)
  useEffect(() => ref.current?.scrollIntoView({ block: 'nearest' }), [name])
  return (
    <section ref={ref} class="card line-detail" aria-label="The line that is picked out">
      <dl>
        <dt>Written</dt>
        <dd>
          <code>{at}</code> <When at={at} />
        </dd>
        <dt>Source</dt>
        <dd>{source === 'system' ? 'system: Sluice itself' : source}</dd>
        {line.function !== undefined && (
          <>
            <dt>Function</dt>
            <dd>
              <Link href={`${home}/functions/${line.function}`}>{line.function}</Link>{' '}
              {version !== undefined && <VersionLink env={env} app={app} version={version} />}
            </dd>
          </>
        )}
        {call !== undefined && (
          <>
            <dt>Call</dt>
            <dd>
              <Link href={`${home}/calls/${call}`}>
                <code>{call}</code>
              </Link>{' '}
              · <Link href={hrefTo({ call })}>its lines</Link>
            </dd>
          </>
        )}
        {container !== undefined && (
          <>
            <dt>Container</dt>
            <dd>
              <code>{container}</code> · <Link href={hrefTo({ container })}>its lines</Link>
            </dd>
          </>
        )}
      </dl>
      <pre>
        <Visible text={line.line} search={search} />
      </pre>
      <p class="hint">
        The address of this page leads to this line.{' '}
        <Link href={hrefTo({ line: '', at: '' })}>Let go of it</Link>
      </p>
    </section>
  )
}
