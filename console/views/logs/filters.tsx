import { useEffect, useState } from 'preact/hooks'
import { useAnswer, usePages } from '../../api/queries.ts'
import { Field } from '../../parts/field.tsx'
import type { Filter } from './filter.ts'

/** Whoever types a word is not shown the lines for each of its letters. */
const TYPING_MS = 300

interface FiltersProps {
  env: string
  app: string
  filter: Filter
  onChange: (values: Record<string, string>) => void
}

/** Which lines are shown. */
export function Filters({ env, app, filter, onChange }: FiltersProps) {
  const about = { params: { app }, query: { env } }
  const functions = useAnswer('getApp', about).data?.functions.map(({ name }) => name) ?? []
  const versions = usePages('listVersions', about).items?.map(({ version }) => `${version}`) ?? []
  return (
    <search class="filters">
      <Search value={filter.search ?? ''} onChange={(search) => onChange({ search })} />
      <Choice
        label="Function"
        value={filter.function}
        among={functions}
        onChange={(name) => onChange({ function: name })}
      />
      <Choice
        label="Version"
        value={filter.version?.toString()}
        among={versions}
        worded={(version) => `v${version}`}
        onChange={(version) => onChange({ version })}
      />
      <Choice
        label="Source"
        value={filter.source}
        among={['stdout', 'stderr', 'system']}
        onChange={(source) => onChange({ source })}
      />
      <Given what="container" value={filter.container} onDrop={() => onChange({ container: '' })} />
      <Given what="call" value={filter.call} onDrop={() => onChange({ call: '' })} />
    </search>
  )
}

function Search({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <Field label="Text">
      {(names) => (
        <input
          {...names}
          type="search"
          maxLength={200}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

interface ChoiceProps {
  label: string
  value: string | undefined
  among: readonly string[]
  worded?: (value: string) => string
  onChange: (value: string) => void
}

function Choice({ label, value = '', among, worded = (value) => value, onChange }: ChoiceProps) {
  // What the address names may be gone from the live version, and still have written.
  const values = value === '' || among.includes(value) ? among : [value, ...among]
  return (
    <Field label={label}>
      {(names) => (
        <select {...names} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">all</option>
          {values.map((value) => (
            <option key={value} value={value}>
              {worded(value)}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

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
