import { useState } from 'preact/hooks'
import type { AutoscalerPatch } from '../../../protocol/autoscaler.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Reason, useReason } from '../../parts/reason.tsx'
import { useDialogAct } from '../../parts/use-dialog-act.ts'
import { type FunctionOfApp, SCALING, type ScalingField } from './settings.ts'

interface AutoscalerProps {
  env: string
  app: string
  one: FunctionOfApp
  onClose: () => void
}

/** What is typed for each setting; one that is given back will be what the manifest says. */
type Typed = Record<ScalingField, { text: string; isBack: boolean }>

/** Changes how a function is scaled, at once and without a deploy. */
export function AutoscalerDialog({ env, app, one, onClose }: AutoscalerProps) {
  const [typed, setTyped] = useState(() => typedOf(one))
  const { reason, record } = useReason()
  const { act, perform } = useDialogAct('changeAutoscaler', {
    done: () => 'The scaling is changed.',
    onClose,
  })
  const patch = patchOf(one, typed)
  const change = (field: ScalingField, to: Partial<Typed[ScalingField]>) =>
    setTyped((before) => ({ ...before, [field]: { ...before[field], ...to } }))
  const asked = { params: { app, function: one.name }, query: { env }, body: { ...patch, ...record } }
  return (
    <Dialog
      title={`Change the scaling of ${one.name}`}
      doing="Change scaling"
      ready={Object.keys(patch).length > 0}
      act={act}
      onDo={() => perform(asked)}
      onClose={onClose}
    >
      <div class="setting-inputs">
        {SCALING.map(({ field, label, unit }) => (
          <Setting
            key={field}
            label={`${label} (${unit}s)`}
            isOverridden={one.overrides?.[field] !== undefined}
            typed={typed[field]}
            onChange={(to) => change(field, to)}
          />
        ))}
      </div>
      <Reason {...reason} />
      <p class="hint">
        What is set by hand holds until it is given back to the manifest, or until a deploy sets it itself.
      </p>
    </Dialog>
  )
}

interface SettingProps {
  label: string
  /** Whether it was set by hand. */
  isOverridden: boolean
  typed: Typed[ScalingField]
  onChange: (to: Partial<Typed[ScalingField]>) => void
}

function Setting({ label, isOverridden, typed: { text, isBack }, onChange }: SettingProps) {
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

function typedOf({ spec }: FunctionOfApp): Typed {
  const of = (field: ScalingField) => ({ text: String(spec[field]), isBack: false })
  return {
    minContainers: of('minContainers'),
    maxContainers: of('maxContainers'),
    bufferContainers: of('bufferContainers'),
    scaledownWindow: of('scaledownWindow'),
  }
}

/** Only what differs from what holds. */
function patchOf({ spec }: FunctionOfApp, typed: Typed): AutoscalerPatch {
  const patch: AutoscalerPatch = {}
  for (const { field } of SCALING) {
    const { text, isBack } = typed[field]
    const value = Number(text)
    if (isBack) patch[field] = null
    else if (text !== '' && value !== spec[field]) patch[field] = value
  }
  return patch
}
