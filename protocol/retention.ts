/** What is kept of what no longer runs; times in milliseconds. */
export interface Retention {
  /** So many of an app's newest versions. */
  versions: number
  /** And those that are younger. */
  versionMs: number
  /** A staged version is given up unless it was promoted within so long. */
  stagedMs: number
  /** A stopped app can be started again for so long. */
  stoppedMs: number
  /** Contents that no version refers to: long enough for any call to end, and for its result to be fetched. */
  blobMs: number
}

export const DAY_MS = 86_400_000

export const DEFAULT_RETENTION: Retention = {
  versions: 10,
  versionMs: 30 * DAY_MS,
  stagedMs: 7 * DAY_MS,
  stoppedMs: 7 * DAY_MS,
  blobMs: 21 * DAY_MS,
}
