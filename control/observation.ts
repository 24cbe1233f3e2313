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
  /** Versions that are neither live nor given up, oldest first. */
  rolling: Version[]
  /** Those that are not stopped. */
  containers: Container[]
  /** Containers that failed, newest first; of the live and the rolling versions, and of those that calls are pinned to. */
  failed: Container[]
  demand: Demand[]
  /** The functions of every version that has containers, or work of its own. */
  specs: Map<number, Record<string, FunctionSpec>>
  /** Label → web function, of the live and the rolling versions. */
  labels: Map<number, Map<string, string>>
}
