import { writeFile } from 'node:fs/promises'
import Table from 'cli-table3'
import type { Bench } from './benchmark/bench.ts'
import { GOALS_HEAD, goalCells } from './benchmark/goals.ts'
import type { Group } from './benchmark/group.ts'
import { bundles } from './benchmark/groups/bundles.ts'
import { calls } from './benchmark/groups/calls.ts'
import { cutover } from './benchmark/groups/cutover.ts'
import { deploy } from './benchmark/groups/deploy.ts'
import { edit } from './benchmark/groups/edit.ts'
import { idle } from './benchmark/groups/idle.ts'
import { ingress } from './benchmark/groups/ingress.ts'
import { recovery } from './benchmark/groups/recovery.ts'
import { start } from './benchmark/groups/start.ts'
import { BUSY_WARNING, describe, machine } from './benchmark/machine.ts'
import { type Options, readOptions, WHOLE_ROUNDS } from './benchmark/options.ts'
import { writePage } from './benchmark/page.ts'
import { cellsOf, HEAD } from './benchmark/report.ts'
import type { Row } from './benchmark/rounds.ts'
import { generator } from './benchmark/web-load.ts'

const GROUPS: Group[] = [calls, ingress, cutover, deploy, edit, start, recovery, idle, bundles]

// It costs every process that is started 40 ms, and those that are measured are to be measured as they are.
delete process.env.NODE_EXTRA_CA_CERTS

const options = readOptions(process.argv.slice(2), GROUPS)
const here = machine()
const rows: Row[] = []
const skipped: string[] = []
const failed: string[] = []

console.log(`${describe(here)}, commit ${here.commit}`)
if (here.isBusy) console.log(BUSY_WARNING)
for (const group of options.groups) await measure(group, options)
const run = { machine: here, rounds: options.rounds, generator: generator(options.sliceMs), rows, skipped }
console.log('\nGoals, as ratios of the same run')
show([...GOALS_HEAD], goalCells(rows))
if (options.json) await writeFile(options.json, `${JSON.stringify(run, null, 2)}\n`)
if (options.write) writePage(run, failed)
if (failed.length > 0) {
  console.error(`Not measured: ${failed.join(', ')}`)
  process.exitCode = 1
}

async function measure(group: Group, { rounds, sliceMs }: Options): Promise<void> {
  const bench: Bench = {
    rounds,
    isWhole: rounds >= WHOLE_ROUNDS,
    sliceMs,
    skip: (peer, how) => {
      skipped.push(`${peer} (${group.name}): ${how}`)
      console.log(`SKIPPED ${peer}: ${how}`)
    },
  }
  console.log(`\n${group.title}`)
  try {
    const measured = await group.run(bench)
    rows.push(...measured)
    show([...HEAD], cellsOf(measured))
  } catch (error) {
    failed.push(group.name)
    console.error(`${group.name} could not be measured:`, error)
  }
}

function show(head: string[], cells: string[][]): void {
  const table = new Table({ head, style: { head: [], border: [], compact: true } })
  table.push(...cells)
  console.log(table.toString())
}
