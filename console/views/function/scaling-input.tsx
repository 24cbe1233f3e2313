import { Field } from '../../parts/field.tsx'
import type { ScalingField } from './settings.ts'
import type { TypedScaling } from './typed-scaling.ts'

interface ScalingInputProps {
  label: string
  /** Whether it was set by hand. */
  isOverridden: boolean
  typed: TypedScaling[ScalingField]
  onChange: (to: Partial<TypedScaling[ScalingField]>) => void
}

/** One setting, with the way back to the manifest where it was set by hand. */
export function ScalingInput({ label, isOverridden, typed: { text, isBack }, onChange }: ScalingInputProps) {
  return (
    <Field label={label}>
      {(names) => (
        <div class="setting-input">
          <input
            {...names}
            type="number"
            min="0"
            step="any"
            required
            disabled={isBack}
            value={isBack ? '' : text}
            onInput={(event) => onChange({ text: event.currentTarget.value })}
          />
          {isOverridden && (
            <label>
              <input
                type="checkbox"
                checked={isBack}
                aria-label={`Give back: ${label}`}
                onChange={(event) => onChange({ isBack: event.currentTarget.checked })}
              />
              Give back
            </label>
          )}
        </div>
      )}
    </Field>
  )
}
