import { useState } from 'preact/hooks'
import { Dialog } from '../../parts/dialog.tsx'
import { Reason, useReason } from '../../parts/reason.tsx'
import { useDialogAct } from '../../parts/use-dialog-act.ts'
import { ScalingInput } from './scaling-input.tsx'
import { type FunctionOfApp, SCALING, type ScalingField } from './settings.ts'
import { patchOf, type TypedScaling, typedOf } from './typed-scaling.ts'

interface AutoscalerProps {
  env: string
  app: string
  one: FunctionOfApp
  onClose: () => void
}

/** Changes how a function is scaled, at once and without a deploy. */
export function AutoscalerDialog({ env, app, one, onClose }: AutoscalerProps) {
  const [typed, setTyped] = useState(() => typedOf(one))
  const { reason, record } = useReason()
  const { act, perform } = useDialogAct('changeAutoscaler', {
    done: () => 'The scaling is changed.',
    onClose,
  })
  const patch = patchOf(one, typed)
  const change = (field: ScalingField, to: Partial<TypedScaling[ScalingField]>) =>
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
          <ScalingInput
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
