import { parseArgs } from 'node:util'
import { planOf } from '../test/simulation/plan.ts'
import { Simulation } from '../test/simulation/simulation.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
  },
})
const first = Number(values.from)
const last = first + Number(values.seeds) - 1

for (let seed = first; seed <= last; seed++) {
  try {
    await new Simulation(planOf(seed)).run()
  } catch (error) {
    console.error(`Seed ${seed} breaks a promise; scripts/simulate --from ${seed} --seeds 1 shows it again.`)
    console.error(error)
    process.exit(1)
  }
}
console.log(`${last - first + 1} seeds, from ${first}: every promise holds.`)
