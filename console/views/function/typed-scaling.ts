import type { AutoscalerPatch } from '../../../protocol/autoscaler.ts'
import { type FunctionOfApp, SCALING, type ScalingField } from './settings.ts'

/** What is typed for each setting; one that is given back will be what the manifest says. */
export type TypedScaling = Record<ScalingField, { text: string; isBack: boolean }>

/** What holds now, as it could be typed. */
export function typedOf({ spec }: FunctionOfApp): TypedScaling {
  const of = (field: ScalingField) => ({ text: String(spec[field]), isBack: false })
  return {
    minContainers: of('minContainers'),
    maxContainers: of('maxContainers'),
    bufferContainers: of('bufferContainers'),
    scaledownWindow: of('scaledownWindow'),
  }
}

/** Only what differs from what holds. */
export function patchOf({ spec }: FunctionOfApp, typed: TypedScaling): AutoscalerPatch {
  const patch: AutoscalerPatch = {}
  for (const { field } of SCALING) {
    const { text, isBack } = typed[field]
    const value = Number(text)
    if (isBack) patch[field] = null
    else if (text !== '' && value !== spec[field]) patch[field] = value
  }
  return patch
}
