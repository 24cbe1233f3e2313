/**
 * How containers and the control plane keep in touch: no request is held, since a held one costs as much as the smallest
 * container; ECS tells of a container's end, so heartbeats may be rare.
 */
export const TIMING = {
  holdMs: () => 0,
  heartbeatMs: () => 30_000,
  /** Each report costs a few writes. */
  reportMs: () => 60_000,
  /** Arguments and a result that are large take up to two minutes each, and may have to be sent again. */
  overrunMs: () => 300_000,
  silenceMs: () => 95_000,
  /** Fargate finds a machine and fetches the image; mostly within a minute. */
  launchMs: () => 240_000,
  /** EventBridge Scheduler and Lambda try again after one and two minutes; what comes later still is made up for, or told as missed. */
  missedMs: () => 300_000,
  /** There is no single process whose start containers could have missed. */
  listeningSince: () => 0,
}
