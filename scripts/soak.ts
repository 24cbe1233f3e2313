import { parseArgs } from 'node:util'
import { endure } from './endurance/endure.ts'
import { reportOf } from './endurance/report.ts'

const HELP = `Has a platform of its own work: calls, web traffic, schedules, deploys, rollbacks and changes of scale, all at once,
while containers and the control plane are killed; and checks every answer, and what is left.

  scripts/soak                the ten minutes that docs/soak.md tells of
  scripts/soak --seconds N    shorter, or longer
  scripts/soak --seed N       makes the choices of another run`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) console.log(HELP)
else await main(Number(values.seconds), Number(values.seed))

async function main(seconds: number, seed: number): Promise<void> {
  if (!(seconds >= 1) || !Number.isInteger(seed))
    throw new Error('--seconds takes a number of at least 1, and --seed a whole number.')
  // Only says which port an inspector has that is asked for: one of its own.
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --inspect-port=0`
  const endured = await endure({ seconds, seed })
  console.log(reportOf(endured))
  if (endured.faults.length > 0) process.exitCode = 1
}
