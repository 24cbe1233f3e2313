import { useLocation } from 'wouter-preact'
import { useAnswer } from '../api/queries.ts'

/** The environment that is looked at, and the others. */
export function EnvironmentSwitch({ env }: { env: string }) {
  const [, go] = useLocation()
  const { data } = useAnswer('listEnvironments')
  const names = new Set([env, ...(data?.items.map(({ name }) => name) ?? [])])
  return (
    <label class="env-switch">
      <span>Environment</span>
      <select value={env} onChange={(event) => go(`/apps/${event.currentTarget.value}`)}>
        {[...names].sort().map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}
