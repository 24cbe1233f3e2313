import type { Counted } from './meter.ts'
import type { Operation } from './operations.ts'
import type { Dimension } from './past.ts'
import { Scene } from './scene.ts'

export interface Measured extends Counted {
  operation: string
  /** How much there was. */
  size: number
  /** The least, since what other programs do meanwhile only adds to it; 0 where it was not taken. */
  ms: number
}

export interface Grown {
  measured: Measured[]
  /** Statements that look at all rows of a table. */
  scans: string[]
}

/** Has one thing grow, and measures every operation at each size. @param repeats of what is timed */
export async function measure(
  { sizes, operations, versions, grow }: Omit<Dimension, 'name' | 'what'>,
  repeats: number,
): Promise<Grown> {
  await using scene = await Scene.open()
  await scene.deployApp(versions)
  const measured: Measured[] = []
  let present = 0
  for (const size of sizes) {
    await grow(scene, present, size)
    present = size
    for (const operation of operations)
      measured.push({
        operation: operation.name,
        size,
        ...(await counted(scene, operation)),
        ms: await leastMs(scene, operation, repeats),
      })
  }
  return { measured, scans: scene.meter.scans() }
}

/** The second time: what is read once and kept is none of what it costs. */
async function counted(scene: Scene, operation: Operation): Promise<Counted> {
  await operation.run(scene, await operation.prepare(scene))
  const given = await operation.prepare(scene)
  return scene.meter.count(() => operation.run(scene, given))
}

async function leastMs(scene: Scene, operation: Operation, repeats: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < repeats; i++) {
    const given = await operation.prepare(scene)
    const begun = performance.now()
    await operation.run(scene, given)
    least = Math.min(least, performance.now() - begun)
  }
  return repeats === 0 ? 0 : least
}
