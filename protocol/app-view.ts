import * as z from 'zod'
import { AppState, Urls, VersionView } from './api.ts'
import { Overrides } from './autoscaler.ts'
import { FunctionSpec } from './manifest.ts'

/** An app as the public API shows it. */

const Time = z.iso.datetime()

/** One row of the drain board: a version that still has containers, or is staged. */
export const DrainRow = z.object({
  version: z.int(),
  state: z.enum(['rolling', 'staged', 'live', 'pinned', 'draining']),
  containers: z.object({ starting: z.int(), ready: z.int(), draining: z.int() }),
  calls: z.int(),
  requests: z.int(),
  /** When the oldest call in flight began. */
  oldest: Time.optional(),
  /** When what is left will be stopped. */
  deadline: Time.optional(),
})
export type DrainRow = z.infer<typeof DrainRow>

export const AppView = z
  .object({
    name: z.string(),
    env: z.string(),
    state: AppState,
    liveVersion: z.int().optional(),
    /** Of an app that somebody tries out: when it is stopped, unless it is kept alive. */
    ephemeral: z.object({ until: Time }).optional(),
    /** Those of the live version. */
    tags: z.record(z.string(), z.string()).optional(),
    urls: Urls,
    functions: z.array(
      z.object({
        name: z.string(),
        /** As it is run: with the overrides in place of what was deployed. */
        spec: FunctionSpec,
        overrides: Overrides.optional(),
        pending: z.int().optional(),
        running: z.int().optional(),
      }),
    ),
    containers: z.object({ starting: z.int(), ready: z.int(), draining: z.int() }),
    versions: z.array(DrainRow).optional(),
    /** Versions that can be looked at, oldest first. */
    staged: z.array(VersionView).optional(),
    lastRollout: VersionView.optional(),
    createdAt: Time,
    stoppedAt: Time.optional(),
    stoppedBy: z.string().optional(),
    stopReason: z.string().optional(),
  })
  .meta({ id: 'App' })
export type AppView = z.infer<typeof AppView>
