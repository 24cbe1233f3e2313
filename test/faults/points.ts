import type { TestContext } from 'node:test'
import type { Crash } from './crashing.ts'

/** With this in the environment the control plane dies at every point, which takes many minutes; without it, at a few. */
const EVERY = process.env.FAULTS_EVERY_POINT !== undefined
/** Of so many points in a row one is tried otherwise. */
const STRIDE = 14

/**
 * Each point in turn, until there are no more; or some that lie evenly among them.
 * @param run has it happen once more, and die at this point; without one the points are counted
 */
export async function tryPoints(
  t: TestContext,
  run: (crashAt: number | undefined) => Promise<Crash>,
): Promise<void> {
  // The first time is not like those that follow.
  await run(undefined)
  const { points: counted } = await run(undefined)
  const chosen = EVERY ? counted.keys() : sampleOf(counted)
  let last = 0
  let tried = 0
  for (const index of chosen) {
    last = index + 1
    if ((await run(last)).crashed) tried += 1
  }
  // More may be written in a run than in the one that was counted.
  while (EVERY && (await run(last + 1)).crashed) {
    last += 1
    tried += 1
  }
  t.diagnostic(`died at ${tried} of ${Math.max(last, counted.length)} points`)
}

/** Evenly spread; and where a container's process has just been started, as that is noted nowhere yet. */
function sampleOf(points: string[]): number[] {
  const indexes = [...points.keys()]
  const started = indexes.filter((index) => points[index]?.startsWith('after spawn')).slice(0, 1)
  const first = Math.floor(Math.min(STRIDE, points.length) / 2)
  const spread = indexes.filter((index) => index % STRIDE === first)
  return [...new Set([...spread, ...started])]
}
