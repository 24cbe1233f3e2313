import { FunctionFilter, VersionFilter } from '../../parts/app-filters.tsx'
import { Field } from '../../parts/field.tsx'
import { FilterChoice } from '../../parts/filter-choice.tsx'
import { Filters } from '../../parts/filters.tsx'
import { useTyped } from '../../parts/use-typed.ts'
import { type Filter, SOURCES } from './filter.ts'

/** As long as the API takes it. */
const MOST_CHARACTERS = 200

interface LogFiltersProps {
  env: string
  app: string
  filter: Filter
  onChange: (values: Record<string, string>) => void
}

/** Which lines are shown. */
export function LogFilters({ env, app, filter, onChange }: LogFiltersProps) {
  return (
    <Filters>
      <Search value={filter.search ?? ''} onChange={(search) => onChange({ search })} />
      <FunctionFilter
        env={env}
        app={app}
        value={filter.function}
        onChange={(name) => onChange({ function: name })}
      />
      <VersionFilter
        env={env}
        app={app}
        value={filter.version?.toString()}
        onChange={(version) => onChange({ version })}
      />
      <FilterChoice
        label="Source"
        value={filter.source}
        among={SOURCES}
        onChange={(source) => onChange({ source })}
      />
      <Given what="container" value={filter.container} onDrop={() => onChange({ container: '' })} />
      <Given what="call" value={filter.call} onDrop={() => onChange({ call: '' })} />
    </Filters>
  )
}

function Search({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useTyped(value, onChange)
  return (
    <Field label="Text">
      {(names) => (
        <input
          {...names}
          type="search"
          maxLength={MOST_CHARACTERS}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

/** A filter that only a link sets, and that can be let go of. */
function Given({ what, value, onDrop }: { what: string; value: string | undefined; onDrop: () => void }) {
  if (value === undefined) return null
  return (
    <span class="given">
      {what} <code>{value}</code>
      <button type="button" class="quiet" aria-label={`Lines of every ${what}`} onClick={onDrop}>
        ✕
      </button>
    </span>
  )
}
