import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clashIn } from '../../protocol/mounts.ts'

const files = (...paths: string[]) => paths.map((path) => ({ path, sha256: '0'.repeat(64), size: 1 }))

test('a file where a folder is to be is found, whatever sorts between the two', () => {
  assert.equal(clashIn(files('a/b', 'a-c', 'a')), 'a')
  assert.equal(clashIn(files('a/b/c', 'a/b-', 'a/b', 'a.d')), 'a/b')
  assert.equal(clashIn(files('a/b', 'a-c', 'ab', 'a/bc', 'a/b-')), undefined)
})
