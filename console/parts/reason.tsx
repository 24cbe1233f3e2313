import { useState } from 'preact/hooks'
import { Field } from './field.tsx'

/** As long as the API takes it. */
const MOST_CHARACTERS = 500
/** Tells the history and the audit that it was done here. */
const CLIENT = 'console'

interface ReasonProps {
  value: string
  onInput: (reason: string) => void
}

/** Why something is done, for those who look at what was. */
export function Reason({ value, onInput }: ReasonProps) {
  return (
    <Field label="Reason" hint="Optional. It goes on record with the change.">
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

/** What is typed as the reason, and what of it goes on record. */
export function useReason() {
  const [value, setValue] = useState('')
  const why = value.trim()
  const record = { client: CLIENT, ...(why !== '' && { reason: why }) }
  return { reason: { value, onInput: setValue }, record }
}
