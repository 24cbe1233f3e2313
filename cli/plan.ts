import type { PlanView } from '../protocol/changes.ts'
import type { Api } from '../sdk/api.ts'
import type { Prepared } from '../sdk/deploy/prepare.ts'
import { type CommonOptions, FAILED } from './conventions.ts'
import { differenceLines, drainLine } from './difference.ts'
import { clearStatus, print, printDone, printFailure, printJson, printNote } from './terminal.ts'

/** Shows what a deploy of what was prepared would change. That it would be refused is left in the exit code. */
export async function showPlan(api: Api, { manifest }: Prepared, { json }: CommonOptions): Promise<void> {
  const plan = await api.send('plan', {
    params: { app: manifest.app },
    query: { env: api.config.env },
    body: { manifest },
  })
  clearStatus()
  if (plan.faults.length > 0) process.exitCode = FAILED
  if (json) printJson(plan)
  else printPlan(plan)
}

function printPlan(plan: PlanView): void {
  if (plan.unchanged) {
    printDone(`A deploy would change nothing: v${plan.from} of ${plan.app} is what this file says.`)
    return
  }
  const over = plan.from === undefined ? 'nothing of it is live' : `v${plan.from} is live`
  print(`A deploy of ${plan.app} would make v${plan.version} (${over}):`)
  const lines = differenceLines(plan)
  for (const line of lines) print(line)
  if (lines.length === 0) print('  The file says the same in other words.')
  print(drainLine(plan.drain))
  if (plan.faults.length === 0) return
  printFailure('It would be refused:')
  for (const { path, message } of plan.faults) printNote(`  ${path.replace(/^manifest\./, '')} ${message}`)
}
