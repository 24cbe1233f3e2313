import * as z from 'zod'
import { cronFault } from './cron.ts'
import { Check, checkFault, RollbackPolicy } from './gates.ts'
import { clashIn, filesOf, Mount, MountedFile } from './mounts.ts'
import { AppName, FunctionName, Label, SecretName, VariableName } from './names.ts'
import { record } from './record.ts'
import { resourceFault } from './resources.ts'
import { AUTOSCALER_FIELDS, AutoscalerField, BOUNDS } from './scaling.ts'

/** Web functions and plain ones differ in how work reaches them, so in their defaults too. */
const DEFAULT_CONCURRENCY = { plain: 1, web: 100, scheduled: 1 } as const

const seconds = (min: number, max: number) => z.number().min(min).max(max)
const DAY = 86_400
/** Each of up to 64 KB: together they are well within what an operating system gives a process. */
const MOST_SECRETS = 10

export const Retries = z.strictObject({
  /** Further attempts after the first. */
  max: z.int().min(0).max(10).default(0),
  backoff: z.number().min(1).max(10).default(2),
  /** Seconds before the first retry. */
  initialDelay: seconds(0, 60).default(1),
  /** Seconds at most between two attempts. */
  maxDelay: seconds(0, 3600).default(60),
})
export type Retries = z.infer<typeof Retries>

export const Schedule = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('cron'),
      expression: z.string().max(100),
      timezone: z.string().max(64).default('UTC'),
    })
    .superRefine(({ expression, timezone }, context) => {
      const fault = cronFault(expression, timezone)
      if (fault) context.addIssue({ code: 'custom', message: fault })
    }),
  z.strictObject({
    type: z.literal('period'),
    seconds: z
      .int()
      .min(60)
      .max(366 * DAY),
  }),
])
export type Schedule = z.infer<typeof Schedule>

/** What holds where nobody says anything. */
const UNLESS_SET = {
  minContainers: 0,
  maxContainers: 10,
  bufferContainers: 0,
  scaledownWindow: 60,
} as const satisfies Record<AutoscalerField, number>

const scaling = <Field extends AutoscalerField>(field: Field) =>
  BOUNDS[field].optional().meta({ default: UNLESS_SET[field] })

export const FunctionSpec = z
  .strictObject({
    kind: z.enum(['plain', 'web', 'scheduled']),
    /** vCPU, in Fargate's sizes. */
    cpu: z.number().default(0.25),
    /** MiB, in Fargate's sizes for this many vCPU. */
    memory: z.int().default(512),
    /** Seconds that one attempt of a call, or one web request until its response ends, may take. */
    timeout: seconds(1, DAY).default(300),
    /** Seconds that a container may take to become ready. */
    startupTimeout: seconds(1, 3600).default(60),
    retries: Retries.prefault({}),
    minContainers: scaling('minContainers'),
    maxContainers: scaling('maxContainers'),
    bufferContainers: scaling('bufferContainers'),
    scaledownWindow: scaling('scaledownWindow'),
    /** Which of these four the author set, as far as it is not to be told from the spec itself. */
    authored: z.array(AutoscalerField).optional(),
    /** Inputs, or web requests, that one container handles at once. */
    concurrency: z.int().min(1).max(1000).optional(),
    schedule: Schedule.optional(),
    /** Whether a scheduled call may begin while the one before it still runs. */
    overlap: z.enum(['skip', 'allow']).default('skip'),
    /** The host name's first part; derived from app and function unless given. */
    label: Label.optional(),
    /** A path that must answer with success before a version goes live; the app's own unless given. */
    check: z
      .string()
      .max(1024)
      .regex(/^\/[^\s]*$/, 'must be a path such as /healthz')
      .optional(),
    /** Whether web requests have to bring a token that may call functions here. */
    requiresAuth: z.boolean().default(false),
    mounts: z.array(Mount).default([]),
    env: record(VariableName, z.string().max(32_768)).prefault({}),
    /** Names of secrets of the environment, whose variables the function gets: those of a later one win, and `env` wins. */
    secrets: z
      .array(SecretName)
      .max(MOST_SECRETS)
      .refine((names) => new Set(names).size === names.length, 'must not name a secret twice')
      .default([]),
  })
  .superRefine((spec, context) => {
    const fault = resourceFault(spec.cpu, spec.memory)
    if (fault) context.addIssue({ code: 'custom', path: [fault.field], message: fault.message })
    const { minContainers, maxContainers } = scalingOf(spec)
    if (minContainers > maxContainers) {
      context.addIssue({
        code: 'custom',
        path: ['minContainers'],
        message: 'must not be above maxContainers',
      })
    }
    if ((spec.kind === 'scheduled') !== (spec.schedule !== undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['schedule'],
        message: 'goes with kind "scheduled", and only with it',
      })
    }
    if (spec.check && spec.kind !== 'web') {
      context.addIssue({
        code: 'custom',
        path: ['check'],
        message: 'is for web functions only; the app may name a function',
      })
    }
    if (spec.label && spec.kind !== 'web') {
      context.addIssue({ code: 'custom', path: ['label'], message: 'is for web functions only' })
    }
    if (spec.requiresAuth && spec.kind !== 'web') {
      context.addIssue({ code: 'custom', path: ['requiresAuth'], message: 'is for web functions only' })
    }
  })
  .transform((spec) => ({
    ...spec,
    ...scalingOf(spec),
    concurrency: spec.concurrency ?? DEFAULT_CONCURRENCY[spec.kind],
  }))
export type FunctionSpec = z.infer<typeof FunctionSpec>
export type FunctionSpecInput = z.input<typeof FunctionSpec>

const MOST_TAGS = 20

type Scaling = Record<AutoscalerField, number>

function scalingOf({
  authored,
  ...spec
}: { [Field in AutoscalerField]?: number | undefined } & {
  authored?: AutoscalerField[] | undefined
}): Scaling & { authored: AutoscalerField[] } {
  return {
    minContainers: spec.minContainers ?? UNLESS_SET.minContainers,
    maxContainers: spec.maxContainers ?? UNLESS_SET.maxContainers,
    bufferContainers: spec.bufferContainers ?? UNLESS_SET.bufferContainers,
    scaledownWindow: spec.scaledownWindow ?? UNLESS_SET.scaledownWindow,
    authored: authored ?? AUTOSCALER_FIELDS.filter((field) => spec[field] !== undefined),
  }
}

/** Words of the author's own to find an app by, such as its team. */
export const AppTags = record(
  z.string().regex(/^[a-zA-Z0-9._-]{1,63}$/, 'must be 1 to 63 letters, digits, ".", "_" or "-"'),
  z
    .string()
    .regex(/^[\p{L}\p{N} ._:/=+@-]{1,63}$/u, 'must be 1 to 63 letters, digits, spaces or any of ._:/=+@-'),
).refine((tags) => Object.keys(tags).length <= MOST_TAGS, `must not be more than ${MOST_TAGS}`)
export type AppTags = z.infer<typeof AppTags>

/** All that a version is made of: immutable, and enough to run it again years later. */
export const Manifest = z
  .strictObject({
    app: AppName,
    check: Check.optional(),
    rollback: RollbackPolicy.optional(),
    /** The author's bundle and its source map, by content hash. */
    tags: AppTags.optional(),
    bundle: z.strictObject({ code: MountedFile, map: MountedFile.optional() }),
    functions: record(FunctionName, FunctionSpec)
      .refine((functions) => Object.keys(functions).length > 0, 'must name at least one function')
      .refine((functions) => Object.keys(functions).length <= 200, 'must not name more than 200 functions'),
  })
  .superRefine(({ check, bundle, functions }, context) => {
    const message = check && checkFault(check, functions)
    if (message) context.addIssue({ code: 'custom', path: ['check'], message })
    for (const [name, { mounts = [] }] of Object.entries(functions)) {
      const clash = clashIn(filesOf(bundle, mounts))
      if (clash === undefined) continue
      const message = `must not have two files at "${clash}", nor a file where a folder is to be`
      context.addIssue({ code: 'custom', path: ['functions', name, 'mounts'], message })
    }
  })
export type Manifest = z.infer<typeof Manifest>
export type ManifestInput = z.input<typeof Manifest>
