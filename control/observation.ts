import type { FunctionSpec } from '../protocol/manifest.ts'
import type { Retention } from '../protocol/retention.ts'
import type { App, Container, Demand, Version } from './model.ts'

/** All that a decision about one app rests on. */
export interface Observation {
  now: number
  /** What may pass between a launch and the container's first request. */
  launchMs: number
  retention: Retention
  app: App
  live?: Version
  /** Versions on their way to be live, oldest first. */
  rolling: Version[]
  /** Versions that can be looked at, and go live only once somebody promotes them; oldest first. */
  staged: Version[]
  /** Those that are not stopped. */
  containers: Container[]
  /** Containers that failed, newest first; of the live, rolling and staged versions, and of those that calls are pinned to. */
  failed: Container[]
  demand: Demand[]
  /** What the live version did since it went live; only while its errors are watched. */
  usage?: { calls: number; errors: number }
  /** The functions of every version that has containers, or work of its own. */
  specs: Map<number, Record<string, FunctionSpec>>
  /** Label → web function, of the live, rolling and staged versions. */
  labels: Map<number, Map<string, string>>
  /** Label of a staged version → the label that it would have were it live. */
  aliases: Map<string, string>
}
