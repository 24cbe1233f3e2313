import { writeFileSync } from 'node:fs'
import { accountOf } from '../test/simulation/account.ts'
import { narrowed, planOf } from '../test/simulation/plan.ts'
import { missingIn, reportOf } from '../test/simulation/report.ts'
import { runPlan } from '../test/simulation/run.ts'
import { runSideBySide } from '../test/simulation/side-by-side.ts'
import { HELP, type Options, readOptions } from './simulation/options.ts'

/** Tries to leave something out where nobody asked for more. */
const FEW_RUNS = 120
/** No plan takes as many. */
const MANY_RUNS = 20_000

process.exitCode = await main(readOptions(process.argv.slice(2)))

async function main(options: Options): Promise<number> {
  if (options.do === 'many') return await runMany(options)
  if (options.do === 'one') return await runOne(options)
  console.log(HELP)
  return 0
}

async function runMany({ from, seeds, jobs }: Options & { do: 'many' }): Promise<number> {
  const { runs, totals, broken } = await runSideBySide({ from, to: from + seeds }, jobs)
  if (broken) {
    console.error(`Seed ${broken.seed} breaks a promise: ${broken.broken.what}`)
    console.error(await accountOf(broken, FEW_RUNS))
    return 1
  }
  console.log(reportOf(totals, runs))
  const missing = missingIn(totals, runs)
  if (missing.length > 0) {
    console.error(
      `\nIn ${runs} worlds there never was: ${missing.join('; ')}. What does not occur is not tested.`,
    )
    return 1
  }
  console.log(`\n${runs} seeds, from ${from}: every promise holds.`)
  return 0
}

async function runOne({
  seed,
  narrowing,
  history,
  shrink: isToShrink,
}: Options & { do: 'one' }): Promise<number> {
  const run = await runPlan(narrowed(planOf(seed), narrowing))
  const lines = run.history.lines.join('\n')
  if (history === undefined) console.log(lines)
  else writeFileSync(history, `${lines}\n`)
  if (!run.broken) {
    console.log(`\nSeed ${seed}: every promise holds.`)
    return 0
  }
  console.error(`\n${run.broken.error}`)
  if (isToShrink) console.error(await accountOf({ seed }, MANY_RUNS))
  return 1
}
