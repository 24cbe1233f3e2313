import * as z from 'zod'
import { AutoscalerField, BOUNDS } from './scaling.ts'

/** Settings of how a function is scaled that stand in for those of its manifest. */
export type Overrides = Partial<Record<AutoscalerField, number>>

export const Overrides = z.object({
  minContainers: z.int().optional(),
  maxContainers: z.int().optional(),
  bufferContainers: z.int().optional(),
  scaledownWindow: z.number().optional(),
})

/** `null` gives a setting back to the manifest. */
export const AutoscalerPatch = z.strictObject({
  minContainers: BOUNDS.minContainers.nullish(),
  maxContainers: BOUNDS.maxContainers.nullish(),
  bufferContainers: BOUNDS.bufferContainers.nullish(),
  scaledownWindow: BOUNDS.scaledownWindow.nullish(),
})
export type AutoscalerPatch = z.infer<typeof AutoscalerPatch>

export const AutoscalerRequest = AutoscalerPatch.extend({
  reason: z.string().max(500).optional(),
  client: z.string().max(100).optional(),
}).refine((body) => AutoscalerField.options.some((field) => body[field] !== undefined), {
  message: `must have one of ${AutoscalerField.options.join(', ')}`,
})

export const AutoscalerView = z
  .object({
    app: z.string(),
    env: z.string(),
    function: z.string(),
    /** The live version. */
    version: z.int(),
    /** What holds now. */
    minContainers: z.int(),
    maxContainers: z.int(),
    bufferContainers: z.int(),
    scaledownWindow: z.number(),
    overrides: Overrides,
    /** What the manifest of the live version sets itself: a deploy of it ends an override of these. */
    authored: z.array(AutoscalerField),
  })
  .meta({ id: 'Autoscaler' })
export type AutoscalerView = z.infer<typeof AutoscalerView>

/** An override that a deploy ends, since its manifest sets the field itself. */
export const EndedOverride = z.object({
  function: z.string(),
  field: AutoscalerField,
  /** What was set by hand. */
  before: z.number(),
  /** What the manifest sets. */
  after: z.number(),
})
export type EndedOverride = z.infer<typeof EndedOverride>
