import * as z from 'zod'
import { Commit, Strategy } from './api.ts'
import { Manifest } from './manifest.ts'
import { Tag } from './names.ts'

/** What is asked for when apps are deployed, changed and stopped. */

const Time = z.iso.datetime()
const Reason = z.string().max(500).optional()

const LeaseSeconds = z.number().min(5).max(3600)

export const DeployRequest = z
  .strictObject({
    manifest: Manifest,
    tag: Tag.optional(),
    commit: Commit.optional(),
    client: z.string().max(100).optional(),
    strategy: Strategy.default('rolling'),
    /** To be stopped after so many seconds, unless it is kept alive. */
    ephemeral: z.strictObject({ seconds: LeaseSeconds }).optional(),
    /** Whether it is only to be looked at, until somebody promotes it. */
    staged: z.boolean().default(false),
    /** The version that the deployer believes to be the last; another one is a conflict. */
    expectVersion: z.int().min(0).optional(),
  })
  .refine((body) => !body.staged || body.ephemeral === undefined, {
    path: ['staged'],
    message: 'does not go with ephemeral: an app that comes and goes has nothing to promote to',
  })
export type DeployRequest = z.infer<typeof DeployRequest>

export const RollbackRequest = z.strictObject({
  version: z.int().min(1).optional(),
  /** Instead of a version: the newest with this tag that was live. */
  tag: Tag.optional(),
  strategy: Strategy.default('rolling'),
  reason: Reason,
  client: z.string().max(100).optional(),
})
export type RollbackRequest = z.infer<typeof RollbackRequest>

export const PromoteRequest = z.strictObject({
  /** The staged version; the newest above the live one unless given. */
  version: z.int().min(1).optional(),
  strategy: Strategy.default('rolling'),
  reason: Reason,
  client: z.string().max(100).optional(),
})
export type PromoteRequest = z.infer<typeof PromoteRequest>

export const UnstageRequest = z.strictObject({
  version: z.int().min(1),
  reason: Reason,
  client: z.string().max(100).optional(),
})
export type UnstageRequest = z.infer<typeof UnstageRequest>

export const RolloverRequest = z.strictObject({
  strategy: Strategy.default('rolling'),
  reason: Reason,
  client: z.string().max(100).optional(),
})
export type RolloverRequest = z.infer<typeof RolloverRequest>

export const KeepAliveRequest = z.strictObject({ seconds: LeaseSeconds })
export const Lease = z.object({ app: z.string(), env: z.string(), until: Time }).meta({ id: 'Lease' })

export const StartRequest = z.strictObject({ reason: Reason, client: z.string().max(100).optional() })
export type StartRequest = z.infer<typeof StartRequest>

export const StopRequest = z.strictObject({ reason: Reason, client: z.string().max(100).optional() })
export type StopRequest = z.infer<typeof StopRequest>
