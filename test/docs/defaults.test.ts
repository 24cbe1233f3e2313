import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FunctionSpec } from '../../protocol/manifest.ts'
import { rowsOf } from './documents.ts'

/** What an author writes and the manifest does not hold, or holds under another name. */
const NOT_OF_THE_MANIFEST = ['name', 'files', 'retries']
const documented = new Map(rowsOf('docs/authors.md').map(([name = '', value = '']) => [name, value]))

test('each option is documented with the default that it has', () => {
  const plain = FunctionSpec.parse({ kind: 'plain' })
  const web = FunctionSpec.parse({ kind: 'web' })
  const { kind, mounts, retries, concurrency, env, secrets, authored, ...simple } = plain
  for (const [name, value] of Object.entries(simple)) {
    assert.equal(documented.get(name)?.replaceAll("'", ''), String(value), name)
  }
  assert.equal(documented.get('concurrency'), `${concurrency}, web ${web.concurrency}`)
  assert.equal(documented.get('retries'), String(retries.max))
  for (const [name, value] of Object.entries(retries)) {
    assert.equal(documented.get(`retries.${name}`), String(value), name)
  }
})

test('no option is left out', () => {
  const options = Object.keys(FunctionSpec.in.shape).filter(
    (name) => !['kind', 'mounts', 'authored'].includes(name),
  )
  for (const name of [...options, ...NOT_OF_THE_MANIFEST]) assert.ok(documented.has(name), name)
})
