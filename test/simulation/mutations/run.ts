import { parseArgs } from 'node:util'
import { planOf } from '../plan.ts'
import { Simulation } from '../simulation.ts'

/** Runs seeds until one of them breaks a promise. Says of each that it begins, and at last what was found. */

export type Word = { seed: number } | { seed: number; broken: string }

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '500' } } })
const say = (word: Word) => process.stdout.write(`${JSON.stringify(word)}\n`)

for (let seed = 1; seed <= Number(values.seeds); seed++) {
  say({ seed })
  const simulation = new Simulation(planOf(seed))
  try {
    await simulation.run()
  } catch (error) {
    say({ seed, broken: error instanceof Error ? error.message : String(error) })
    break
  } finally {
    simulation.end()
  }
}
