const GIB = 1024

const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step)

/**
 * Memory (MiB) that Fargate offers for each vCPU size on Linux.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
export const FARGATE_MEMORY: ReadonlyMap<number, readonly number[]> = new Map([
  [0.25, [512, GIB, 2 * GIB]],
  [0.5, range(GIB, 4 * GIB, GIB)],
  [1, range(2 * GIB, 8 * GIB, GIB)],
  [2, range(4 * GIB, 16 * GIB, GIB)],
  [4, range(8 * GIB, 30 * GIB, GIB)],
  [8, range(16 * GIB, 60 * GIB, 4 * GIB)],
  [16, range(32 * GIB, 120 * GIB, 8 * GIB)],
])

/** What is wrong with a pair of cpu (vCPU) and memory (MiB), or undefined if Fargate offers it. */
export function resourceFault(
  cpu: number,
  memory: number,
): { field: 'cpu' | 'memory'; message: string } | undefined {
  const offered = FARGATE_MEMORY.get(cpu)
  if (!offered) {
    return { field: 'cpu', message: `must be one of ${[...FARGATE_MEMORY.keys()].join(', ')} vCPU` }
  }
  if (offered.includes(memory)) return undefined
  const nearest = offered.reduce((best, mib) =>
    Math.abs(mib - memory) < Math.abs(best - memory) ? mib : best,
  )
  const [lowest, highest] = [offered[0], offered.at(-1)]
  return {
    field: 'memory',
    message: `must be between ${lowest} and ${highest} MiB in Fargate's steps for ${cpu} vCPU; the nearest is ${nearest}`,
  }
}
