import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { MUTATIONS } from './mutations/all.ts'
import { judge } from './mutations/judge.ts'

const ROOT = join(import.meta.dirname, '../..')

test('every mutation names a text that occurs once in its file, and changes it', () => {
  for (const { name, edits } of MUTATIONS)
    for (const { file, from, to } of edits) {
      assert.equal(readFileSync(join(ROOT, file), 'utf8').split(from).length - 1, 1, `${name}: ${file}`)
      assert.notEqual(from, to, name)
    }
  assert.equal(new Set(MUTATIONS.map(({ name }) => name)).size, MUTATIONS.length)
})

/** Of each part one, of those that are found within a few seeds; `scripts/mutate` has them all. */
const SOON = [
  'a call that runs is claimed once more',
  'a call that was lost is given up',
  'the version before stays live',
  'the old is drained before requests go to the new',
  'two plans at once start twice as many',
  'a stop never ends',
]

for (const name of SOON)
  test(`the simulation notices where ${name}`, async () => {
    const mutation = MUTATIONS.find((one) => one.name === name)
    assert.ok(mutation)
    const { found } = await judge(mutation, 20)
    assert.match(found?.broken ?? 'nothing', /^promise \d+/)
  })
