import { writeFile } from 'node:fs/promises'
import Table from 'cli-table3'
import type { Bench, Group } from './benchmark/group.ts'
import { bundles } from './benchmark/groups/bundles.ts'
import { calls } from './benchmark/groups/calls.ts'
import { cutover } from './benchmark/groups/cutover.ts'
import { deploy } from './benchmark/groups/deploy.ts'
import { edit } from './benchmark/groups/edit.ts'
import { ingress } from './benchmark/groups/ingress.ts'
import { start } from './benchmark/groups/start.ts'
import { BUSY_WARNING, describe, machine } from './benchmark/machine.ts'
import { type Options, readOptions } from './benchmark/options.ts'
import { cellsOf, HEAD } from './benchmark/report.ts'
import type { Row } from './benchmark/rounds.ts'

const GROUPS: Group[] = [calls, ingress, cutover, deploy, edit, start, bundles]

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
if (options.json)
  await writeFile(options.json, `${JSON.stringify({ machine: here, rows, skipped }, null, 2)}\n`)
if (failed.length > 0) process.exitCode = 1

async function measure(group: Group, { rounds, sliceMs }: Options): Promise<void> {
  const bench: Bench = {
    rounds,
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
    show(measured)
  } catch (error) {
    failed.push(group.name)
    console.error(`${group.name} could not be measured:`, error)
  }
}

function show(measured: Row[]): void {
  const table = new Table({ head: [...HEAD], style: { head: [], border: [], compact: true } })
  table.push(...cellsOf(measured))
  console.log(table.toString())
}
