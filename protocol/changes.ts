import * as z from 'zod'
import { Manifest, Schedule } from './manifest.ts'
import { MountedFile } from './mounts.ts'

/** What differs between two manifests, as people's scripts see it. Of what was added there is no `before`, of what was removed no `after`. */

const pair = <Value extends z.ZodType>(value: Value) => ({
  before: value.optional(),
  after: value.optional(),
})

/** A setting by its path, such as `timeout` or `env.LOG_LEVEL`. */
const FieldChange = z.object({ field: z.string(), ...pair(z.unknown()) })
export type FieldChange = z.infer<typeof FieldChange>

export const Pool = z.object({
  minContainers: z.int(),
  maxContainers: z.int(),
  bufferContainers: z.int(),
  scaledownWindow: z.number(),
})
export type Pool = z.infer<typeof Pool>

const Content = MountedFile.pick({ sha256: true, size: true })

/** With the version that it is pinned to, once there is one. */
const SecretPin = z.object({ name: z.string(), version: z.int().optional() })
export type SecretPin = z.infer<typeof SecretPin>

export const Difference = z.object({
  /** Settings of the app itself. */
  settings: z.array(FieldChange),
  functions: z.array(
    z.object({
      name: z.string(),
      change: z.enum(['added', 'removed', 'changed']),
      /** Of one that was changed: all but what the lists below tell. */
      fields: z.array(FieldChange),
    }),
  ),
  schedules: z.array(z.object({ function: z.string(), ...pair(Schedule) })),
  pools: z.array(z.object({ function: z.string(), ...pair(Pool) })),
  secrets: z.array(z.object({ function: z.string(), before: z.array(SecretPin), after: z.array(SecretPin) })),
  /** By their paths in the container; the bundle is one of them. */
  files: z.array(z.object({ path: z.string(), ...pair(Content) })),
})
export type Difference = z.infer<typeof Difference>

/** By function. */
const urls = z.array(z.object({ function: z.string(), ...pair(z.string()) }))

/** What a change of the live version would make outdated. */
export const Drain = z.object({ containers: z.int(), calls: z.int(), requests: z.int() })
export type Drain = z.infer<typeof Drain>

export const PlanRequest = z.strictObject({ manifest: Manifest })

export const PlanView = z
  .object({
    app: z.string(),
    env: z.string(),
    /** The live version, that the manifest was compared with. */
    from: z.int().optional(),
    /** The number that a deploy would get, unless another one comes first. */
    version: z.int(),
    /** True where a deploy would make no version. */
    unchanged: z.boolean(),
    ...Difference.shape,
    urls,
    /** Why a deploy would be refused. */
    faults: z.array(z.object({ path: z.string(), message: z.string() })),
    drain: Drain,
  })
  .meta({ id: 'Plan' })
export type PlanView = z.infer<typeof PlanView>

export const DiffView = z
  .object({
    app: z.string(),
    env: z.string(),
    from: z.int(),
    to: z.int(),
    ...Difference.shape,
    urls,
  })
  .meta({ id: 'Diff' })
export type DiffView = z.infer<typeof DiffView>

export const RollbackPreview = DiffView.extend({ drain: Drain }).meta({ id: 'RollbackPreview' })
export type RollbackPreview = z.infer<typeof RollbackPreview>
