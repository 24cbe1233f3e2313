import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { MUTATIONS } from './mutations/all.ts'

const ROOT = join(import.meta.dirname, '../..')
const LOADER = join(import.meta.dirname, 'mutations/load.ts')
/** It takes a word that is lost to be seen. */
const FAULT = 'calls whose hint was lost wait for ever'

test('a seed that breaks a promise is printed with its history, and with the few steps that it takes, which break it again', () => {
  assert.ok(MUTATIONS.some(({ name }) => name === FAULT))
  const { status, told } = simulate(['--seeds', '100'])
  assert.equal(status, 1, told)
  const [, what = ''] = /^Seed \d+ breaks a promise: (.+)$/m.exec(told) ?? []
  const [, enough, all, faults] = /^Enough are (\d+) of (\d+) steps and (\d+) faults?,/m.exec(told) ?? []
  assert.ok(Number(enough) < Number(all) / 3, told)
  assert.ok(Number(faults) <= 5, told)
  assert.match(told, /^ +\d+\.\d{3} action deploy: done – v1, step \d+$/m)
  const [, small = ''] = /^To see it again: scripts\/simulate (.+)$/m.exec(told) ?? []

  const again = simulate(small.split(' ').map((word) => word.replaceAll("'", '')))
  assert.equal(again.status, 1, again.told)
  assert.ok(again.told.includes(what.replace(/ca-\d+.*/, '')), again.told)
  const steps = again.told.match(/ action .* step \d+$/gm) ?? []
  assert.equal(steps.length, Number(enough), again.told)
})

function simulate(args: string[]): { status: number | null; told: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', LOADER, join(ROOT, 'scripts/simulate.ts'), ...args],
    { env: { ...process.env, SLUICE_MUTATION: FAULT, NODE_OPTIONS: '' }, encoding: 'utf8' },
  )
  return { status, told: stdout + stderr }
}
