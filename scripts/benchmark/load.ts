import { quantile } from './spread.ts'

/** What a load came to: milliseconds of an exchange, and exchanges per second. */
export interface LoadResult {
  p50: number
  p99: number
  rate: number
  count: number
}

/** So many senders, each of which sends again once it is answered, for so many milliseconds. */
export async function load(send: () => Promise<void>, atOnce: number, ms: number): Promise<LoadResult> {
  const times: number[] = []
  const began = performance.now()
  const sender = async () => {
    for (let start = began; start - began < ms; ) {
      await send()
      const now = performance.now()
      times.push(now - start)
      start = now
    }
  }
  await Promise.all(Array.from({ length: atOnce }, sender))
  const took = performance.now() - began
  const sorted = times.sort((a, b) => a - b)
  const [p50, p99] = [quantile(sorted, 0.5), quantile(sorted, 0.99)]
  return { p50, p99, rate: (1000 * times.length) / took, count: times.length }
}
