import { Field } from './field.tsx'

interface FilterChoiceProps {
  label: string
  value: string | undefined
  among: readonly string[]
  /** What is said instead of a value. */
  worded?: (value: string) => string
  onChange: (value: string) => void
}

/** Narrows a list to one of some values; what the address names stays to be chosen, whether it is known or not. */
export function FilterChoice({ label, value, among, worded = String, onChange }: FilterChoiceProps) {
  const known = value === undefined || among.includes(value) ? among : [value, ...among]
  return (
    <Field label={label}>
      {(names) => (
        <select {...names} value={value ?? ''} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">Any</option>
          {known.map((one) => (
            <option key={one} value={one}>
              {worded(one)}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
