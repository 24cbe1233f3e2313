/**
 * Durations, counted by how large they are: each bucket is a tenth wider than the one before, so what is read from it is
 * off by 5 % at most, and histograms of the same buckets add up. Below a millisecond nothing is told apart. The idea is
 * that of DDSketch (Masson, Rim, Lee, 2019) with its bounds fixed.
 */
const ERROR = 0.05
const GROWTH = (1 + ERROR) / (1 - ERROR)
/** The last one begins above a day, which no call may take. */
export const BUCKETS = 184

/** By bucket, those that are not empty. */
export type Histogram = Record<string, number>

export function bucketOf(ms: number): number {
  return ms <= 1 ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms) / Math.log(GROWTH)))
}

export function count(histogram: Histogram, ms: number): void {
  const bucket = bucketOf(ms)
  histogram[bucket] = (histogram[bucket] ?? 0) + 1
}

export function merge(into: Histogram, other: Histogram): void {
  for (const [bucket, times] of Object.entries(other)) into[bucket] = (into[bucket] ?? 0) + times
}

/** Milliseconds that this share of the values (0.95 for p95) does not exceed; undefined where there are none. */
export function quantile(histogram: Histogram, share: number): number | undefined {
  const total = Object.values(histogram).reduce((sum, times) => sum + times, 0)
  let left = Math.max(1, Math.ceil(total * share))
  // Keys that are whole numbers are in ascending order.
  for (const [bucket, times] of Object.entries(histogram)) {
    left -= times
    if (left <= 0) return (2 * GROWTH ** Number(bucket)) / (GROWTH + 1)
  }
  return undefined
}
