import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { bundleRunner } from '../../../platforms/local/compute/runner-bundle.ts'

const MODULE = import.meta.resolve('../../../platforms/local/compute/runner-bundle.ts')

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-runner-'))
  t.after(() => rmSync(dir, { recursive: true }))
  return dir
}

describe('the bundle of the runner', () => {
  it('is a program that needs nothing but its own folder', async (t) => {
    const { main } = await bundleRunner(folder(t))
    const files = readdirSync(dirname(main))
    assert.ok(files.includes('child.cjs'), 'the supervisor finds the child beside itself')
    assert.ok(files.every((file) => file.endsWith('.cjs')))
    const { status, stderr } = spawnSync(process.execPath, [main], { env: {}, encoding: 'utf8' })
    assert.equal(status, 1)
    assert.match(stderr, /The runner needs SLUICE_URL/)
  })

  it('is written once, and leaves older ones alone', async (t) => {
    const dir = folder(t)
    mkdirSync(join(dir, 'older'))
    const { main } = await bundleRunner(dir)
    const written = statSync(main).mtimeMs
    assert.deepEqual(await bundleRunner(dir), { main })
    assert.equal(statSync(main).mtimeMs, written)
    assert.deepEqual(readdirSync(dir).length, 2)
  })

  it('is the same wherever it is made', async (t) => {
    const dir = folder(t)
    const program = `import { bundleRunner } from ${JSON.stringify(MODULE)}
      console.log((await bundleRunner(${JSON.stringify(dir)})).main)`
    const elsewhere = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: dir,
      encoding: 'utf8',
    })
    assert.equal(elsewhere.trim(), (await bundleRunner(dir)).main)
  })
})
