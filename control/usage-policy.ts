export const DAY_MS = 86_400_000
export const HOUR_MS = 3_600_000

/** How long usage is kept: by slots of five minutes, and by the hour; with the latter what is known of containers. */
export const USAGE_KEPT_MS = { slot: 35 * DAY_MS, hour: 400 * DAY_MS } as const
