import { Field } from '../../../parts/field.tsx'

/** As long as the API takes it. */
const MOST_CHARACTERS = 500

interface ReasonProps {
  value: string
  onInput: (reason: string) => void
}

/** Why it is done, for the history and the audit. */
export function Reason({ value, onInput }: ReasonProps) {
  return (
    <Field label="Reason" hint="Optional. The history and the audit show it.">
      {(names) => (
        <input
          {...names}
          value={value}
          maxLength={MOST_CHARACTERS}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
