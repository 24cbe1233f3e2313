import { runSeeds, type SeedRange } from './seeds.ts'
import type { Word } from './side-by-side.ts'

/** A process that runs whatever seeds it is told to, until it is told no more. */

const say = (word: Word) => process.send?.(word)

process.on('message', async (range: SeedRange) => {
  say({ findings: await runSeeds(range, (began) => say({ began })) })
})
