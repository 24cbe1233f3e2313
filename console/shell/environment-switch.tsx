import { useLocation } from 'wouter-preact'
import { useAnswer } from '../api/queries.ts'
import { useSession } from './use-session.ts'

/** The environment that is looked at, and the others. Another one is looked at in the same way. */
export function EnvironmentSwitch({ env }: { env: string }) {
  const [path, go] = useLocation()
  const own = useSession()?.env
  const { data, refetch } = useAnswer('listEnvironments', {}, { when: own === undefined, rare: true })
  if (own !== undefined) return <span>{own}</span>
  const names = new Set([env, ...(data?.items.map(({ name }) => name) ?? [])])
  const view = /^\/(usage|audit)\//.exec(path)?.[1] ?? 'apps'
  return (
    <label>
      <span class="visually-hidden">Environment</span>
      <select
        value={env}
        onFocus={() => refetch()}
        onChange={(event) => go(`/${view}/${event.currentTarget.value}`)}
      >
        {[...names].sort().map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}
