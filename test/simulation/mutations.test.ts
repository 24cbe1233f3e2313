import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { MUTATIONS } from './mutations/all.ts'

const ROOT = join(import.meta.dirname, '../..')

test('every mutation names a text that occurs once in its file, and changes it', () => {
  for (const { name, edits } of MUTATIONS)
    for (const { file, from, to } of edits) {
      assert.equal(readFileSync(join(ROOT, file), 'utf8').split(from).length - 1, 1, `${name}: ${file}`)
      assert.notEqual(from, to, name)
    }
  assert.equal(new Set(MUTATIONS.map(({ name }) => name)).size, MUTATIONS.length)
})
