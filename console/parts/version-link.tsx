import { Link } from 'wouter-preact'

/** A version, with its row of the history behind it. */
export function VersionLink({ env, app, version }: { env: string; app: string; version: number }) {
  return (
    <Link href={`/apps/${env}/${app}#v${version}`} class="version">
      v{version}
    </Link>
  )
}
