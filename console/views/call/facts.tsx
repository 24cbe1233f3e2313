import { Link } from 'wouter-preact'
import type { CallView } from '../../../protocol/api.ts'
import { When } from '../../parts/time.tsx'
import { VersionLink } from '../../parts/version-link.tsx'

/** What is known of a call beside what came of it, each with the way to more. */
export function Facts({ call }: { call: CallView }) {
  const { env, app, function: name, version, parent, container, by } = call
  const home = `/apps/${env}/${app}`
  return (
    <dl class="facts">
      <div>
        <dt>Call</dt>
        <dd>
          <code>{call.id}</code>
        </dd>
      </div>
      <div>
        <dt>Function</dt>
        <dd>
          <Link href={`${home}/functions/${name}`}>{name}</Link>
        </dd>
      </div>
      {version !== undefined && (
        <div>
          <dt>Version</dt>
          <dd>
            <VersionLink env={env} app={app} version={version} />
          </dd>
        </div>
      )}
      {container !== undefined && (
        <div>
          <dt>Container</dt>
          <dd>
            <Link href={`${home}/logs?container=${container}`}>
              <code>{container}</code>
            </Link>
          </dd>
        </div>
      )}
      <div>
        <dt>Asked for</dt>
        <dd>
          <When at={call.createdAt} />
          {by !== undefined && ` by ${by}`}
        </dd>
      </div>
      {parent !== undefined && (
        <div>
          <dt>Made by the call</dt>
          <dd>
            <Link href={`/calls/${parent}`}>
              <code>{parent}</code>
            </Link>
          </dd>
        </div>
      )}
      <div>
        <dt>Attempts</dt>
        <dd>{call.attempts}</dd>
      </div>
    </dl>
  )
}
