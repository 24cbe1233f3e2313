import { Link } from 'wouter-preact'
import type { CallView } from '../../../protocol/api.ts'
import { Fact } from '../../parts/fact.tsx'
import { When } from '../../parts/time.tsx'
import { VersionLink } from '../../parts/version-link.tsx'

/** What is known of a call beside what came of it, each with the way to more. */
export function Facts({ call }: { call: CallView }) {
  const { env, app, function: name, version, parent, container, by } = call
  const home = `/apps/${env}/${app}`
  return (
    <dl class="facts">
      <Fact name="Call">
        <code>{call.id}</code>
      </Fact>
      <Fact name="Function">
        <Link href={`${home}/functions/${name}`}>{name}</Link>
      </Fact>
      {version !== undefined && (
        <Fact name="Version">
          <VersionLink env={env} app={app} version={version} />
        </Fact>
      )}
      {container !== undefined && (
        <Fact name="Container">
          <Link href={`${home}/logs?container=${container}`}>
            <code>{container}</code>
          </Link>
        </Fact>
      )}
      <Fact name="Asked for">
        <When at={call.createdAt} />
        {by !== undefined && ` by ${by}`}
      </Fact>
      {parent !== undefined && (
        <Fact name="Made by the call">
          <Link href={`/calls/${parent}`}>
            <code>{parent}</code>
          </Link>
        </Fact>
      )}
      <Fact name="Attempts">{call.attempts}</Fact>
    </dl>
  )
}
