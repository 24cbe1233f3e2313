import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface FieldProps {
  label: string
  /** A sentence below it. */
  hint?: ComponentChildren
  /** What is wrong with what it holds. */
  fault?: string | undefined
  /** The control, which gets these. */
  children: (names: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ComponentChildren
}

/** A labelled control of a form. */
export function Field({ label, hint, fault, children }: FieldProps) {
  const id = useId()
  const told = fault ?? hint
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        ...(told !== undefined && { 'aria-describedby': `${id}-hint` }),
        ...(fault !== undefined && { 'aria-invalid': true as const }),
      })}
      {told !== undefined && (
        <p id={`${id}-hint`} class={fault === undefined ? 'hint' : 'fault'}>
          {told}
        </p>
      )}
    </div>
  )
}
