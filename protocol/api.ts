import * as z from 'zod'
import { EndedOverride } from './autoscaler.ts'
import { CallError, CallStatus } from './calls.ts'
import { MAX_WAIT_SECONDS } from './limits.ts'
import { RecordId, Sha256 } from './names.ts'

/** The shapes of the public API: what people's scripts see. Fields that are not known are absent. */

const Time = z.iso.datetime()

export const AppState = z.enum(['deployed', 'stopping', 'stopped'])
export type AppState = z.infer<typeof AppState>
export const VersionStatus = z.enum(['staged', 'rolling', 'live', 'superseded', 'failed'])
export type VersionStatus = z.infer<typeof VersionStatus>
export const Origin = z.enum(['deploy', 'rollback', 'rollover', 'promote', 'start'])
export type Origin = z.infer<typeof Origin>
export const Strategy = z.enum(['rolling', 'recreate'])
export type Strategy = z.infer<typeof Strategy>
export const ContainerState = z.enum(['starting', 'ready', 'draining', 'stopped'])
export type ContainerState = z.infer<typeof ContainerState>

export const Commit = z.strictObject({
  hash: z.string().max(64),
  branch: z.string().max(256).optional(),
  dirty: z.boolean(),
  author: z.string().max(256).optional(),
})
export type Commit = z.infer<typeof Commit>

export const RolloutStep = z.object({
  step: z.enum(['prepare', 'start', 'check', 'ready', 'cutover', 'gate', 'drain', 'fail']),
  state: z.enum(['running', 'done', 'failed']),
  at: Time,
  detail: z.string().optional(),
})
export type RolloutStep = z.infer<typeof RolloutStep>

export const VersionError = z.object({ code: z.string(), message: z.string(), logs: z.array(z.string()) })
export type VersionError = z.infer<typeof VersionError>

/** Of web functions, by name. */
export const Urls = z.record(z.string(), z.string())

export const VersionView = z
  .object({
    app: z.string(),
    env: z.string(),
    version: z.int(),
    status: VersionStatus,
    origin: Origin,
    strategy: Strategy,
    fromVersion: z.int().optional(),
    tag: z.string().optional(),
    reason: z.string().optional(),
    commit: Commit.optional(),
    client: z.string(),
    deployedAt: Time,
    deployedBy: z.string(),
    liveAt: Time.optional(),
    /** Which version of each secret it was deployed with. */
    secrets: z.record(z.string(), z.int()).optional(),
    urls: Urls,
    /** The app’s page in the web console, where there is one. */
    page: z.string().optional(),
    error: VersionError.optional(),
    rollout: z.array(RolloutStep),
    /** Of a live version whose errors are watched for a while: whether they still are, and what came of it. */
    gate: z
      .object({
        state: z.enum(['open', 'passed', 'failed']),
        until: Time,
        errorRate: z.number(),
        minCalls: z.int(),
        detail: z.string().optional(),
      })
      .optional(),
    /** True where the deploy changed nothing, so that this is the version that was live already. */
    unchanged: z.boolean().optional(),
    /** In the answer to a deploy: overrides of the autoscaler that end as it goes live. */
    endedOverrides: z.array(EndedOverride).optional(),
  })
  .meta({ id: 'Version' })
export type VersionView = z.infer<typeof VersionView>

export const ContainerView = z
  .object({
    id: z.string(),
    app: z.string(),
    env: z.string(),
    function: z.string(),
    version: z.int(),
    state: ContainerState,
    running: z.int(),
    requests: z.int(),
    startedAt: Time,
    readyAt: Time.optional(),
    stoppedAt: Time.optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'Container' })
export type ContainerView = z.infer<typeof ContainerView>

export const CallView = z
  .object({
    id: z.string(),
    app: z.string(),
    env: z.string(),
    function: z.string(),
    /** The version that runs it, or ran it; until then, the one that it is pinned to. */
    version: z.int().optional(),
    status: CallStatus,
    result: z.unknown().optional(),
    /** Where a result that is too large for this answer is fetched. */
    resultUrl: z.string().optional(),
    error: CallError.optional(),
    /** What it was called with, or where that is fetched if it is large; where it was asked for. */
    args: z.array(z.unknown()).optional(),
    argsUrl: z.string().optional(),
    attempts: z.int(),
    /** Who asked for it: a token's name, a container's `app.function`, or `schedule`. */
    by: z.string().optional(),
    /** The call that it was made for. */
    parent: z.string().optional(),
    /** The container that runs it, or ran it. */
    container: z.string().optional(),
    createdAt: Time,
    startedAt: Time.optional(),
    endedAt: Time.optional(),
  })
  .meta({ id: 'Call' })
export type CallView = z.infer<typeof CallView>

const WaitSeconds = z.number().min(0).max(MAX_WAIT_SECONDS)

export const CallRequest = z
  .strictObject({
    args: z.array(z.unknown()).optional(),
    /** The arguments as an uploaded blob of JSON, where they are too large for a body. */
    argsBlob: Sha256.optional(),
    wait: WaitSeconds.default(0),
    idempotencyKey: z
      .string()
      .min(1)
      .max(200)
      .regex(/^(?!schedule\/)/, 'must not begin with "schedule/", which is how schedules name their calls')
      .optional(),
    version: z.int().min(1).optional(),
    /** The call that it is made for: for a container, of one that it runs. */
    parent: RecordId.optional(),
  })
  .refine((body) => (body.args === undefined) !== (body.argsBlob === undefined), {
    path: ['args'],
    message: 'give either args, a list, or argsBlob',
  })
export type CallRequest = z.infer<typeof CallRequest>

export const StopContainerRequest = z.strictObject({ graceful: z.boolean().default(false) })

/** Query strings arrive as text. */
export const WaitQuery = z.coerce.number().min(0).max(MAX_WAIT_SECONDS).default(0)

export const LogsQuery = {
  since: Time.optional(),
  until: Time.optional(),
  tail: z.coerce.number().int().min(1).max(20_000).default(100),
  function: z.string().optional(),
  call: z.string().optional(),
  container: z.string().optional(),
  version: z.coerce.number().int().optional(),
  source: z.enum(['stdout', 'stderr', 'system']).optional(),
  search: z.string().max(200).optional(),
  follow: z.stringbool().default(false),
}
