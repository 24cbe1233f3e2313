import { parseArgs } from 'node:util'
import { planOf } from '../test/simulation/plan.ts'
import { Simulation } from '../test/simulation/simulation.ts'

/** How much of the history of a run that broke a promise is printed. */
const LAST_LINES = 60

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
  },
})
const first = Number(values.from)
const last = first + Number(values.seeds) - 1

for (let seed = first; seed <= last; seed++) {
  const simulation = new Simulation(planOf(seed))
  try {
    await simulation.run()
  } catch (error) {
    console.error(simulation.history.lines.slice(-LAST_LINES).join('\n'))
    console.error(`Seed ${seed} breaks a promise; scripts/simulate --from ${seed} --seeds 1 shows it again.`)
    console.error(error)
    process.exit(1)
  }
}
console.log(`${last - first + 1} seeds, from ${first}: every promise holds.`)
