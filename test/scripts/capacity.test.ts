import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT, textOf } from '../docs/documents.ts'

test('the page about scaling shows what the simulated day comes to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-capacity-'))
  try {
    const printed = execFileSync(join(ROOT, 'scripts/capacity'), [folder], { encoding: 'utf8' })
    const page = textOf('docs/scaling.md')
    for (const table of printed.trim().split('\n\n')) assert.ok(page.includes(table), table)
    const drawn = readdirSync(folder)
    assert.equal(drawn.length, 3)
    for (const name of drawn) {
      assert.ok(page.includes(`(images/${name})`), name)
      assert.equal(readFileSync(join(folder, name), 'utf8'), textOf(`docs/images/${name}`), name)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
