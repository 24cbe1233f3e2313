import * as z from 'zod'

/** How a function is scaled: what may be overridden without a deploy. */
export const AutoscalerField = z.enum([
  'minContainers',
  'maxContainers',
  'bufferContainers',
  'scaledownWindow',
])
export type AutoscalerField = z.infer<typeof AutoscalerField>
export const AUTOSCALER_FIELDS = AutoscalerField.options

export const BOUNDS = {
  minContainers: z.int().min(0).max(1000),
  maxContainers: z.int().min(1).max(1000),
  bufferContainers: z.int().min(0).max(100),
  /** Seconds that a container may be idle before it is let go. */
  scaledownWindow: z.number().min(1).max(3600),
}
