import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renamed, suffixed } from '../../cli/ephemeral.ts'
import { AppName, Label } from '../../protocol/names.ts'

test('an ephemeral app is called after whoever tries it out, within what a name may be', () => {
  assert.equal(suffixed('shop', 'dev-ann'), 'shop-dev-ann')
  const long = suffixed('a'.repeat(64), 'dev-ann')
  assert.deepEqual([long.length, long.endsWith('a-dev-ann')], [64, true])
  assert.equal(suffixed(`${'a'.repeat(55)}.-b`, 'dev-ann'), `${'a'.repeat(55)}-dev-ann`)
  for (const name of [long, suffixed('Shop.v2_x', 'dev-ann')]) assert.equal(AppName.parse(name), name)
})

test('labels of the author’s own get the same ending, and others are made of the name anyhow', () => {
  const functions = {
    page: { kind: 'web' as const, label: 'x'.repeat(63) },
    other: { kind: 'web' as const },
    work: { kind: 'plain' as const, timeout: 5 },
  }
  const code = { path: 'app.mjs', sha256: '0'.repeat(64), size: 1 }
  const prepared = {
    manifest: { app: 'shop', bundle: { code }, functions },
    contents: [],
    commit: undefined,
    warnings: '',
    sources: { files: [], folders: [] },
  }
  const { manifest } = renamed(prepared, 'shop-dev-ann', 'dev-ann')
  const { label } = manifest.functions.page ?? {}
  assert.equal(Label.parse(label), `${'x'.repeat(55)}-dev-ann`)
  assert.deepEqual(
    [manifest.app, manifest.functions.other, manifest.functions.work],
    ['shop-dev-ann', { kind: 'web' }, functions.work],
  )
})
