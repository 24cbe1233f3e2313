import { useAnswer, usePages } from '../api/queries.ts'
import { FilterChoice } from './filter-choice.tsx'

interface AppFilterProps {
  env: string
  app: string
  value: string | undefined
  onChange: (value: string) => void
}

/** Narrows a list to one function of an app. */
export function FunctionFilter({ env, app, ...choice }: AppFilterProps) {
  const { data } = useAnswer('getApp', { params: { app }, query: { env } })
  return <FilterChoice label="Function" among={data?.functions.map(({ name }) => name) ?? []} {...choice} />
}

/** Narrows a list to one version of an app: one of the latest, or the one that the address names. */
export function VersionFilter({ env, app, ...choice }: AppFilterProps) {
  const { items = [] } = usePages('listVersions', { params: { app }, query: { env } })
  return (
    <FilterChoice
      label="Version"
      among={items.map(({ version }) => String(version))}
      worded={(version) => `v${version}`}
      {...choice}
    />
  )
}
