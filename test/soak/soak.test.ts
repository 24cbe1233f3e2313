import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from '../e2e/reached.ts'

const SECONDS = 30
/** Without these it would not show much. */
const HAPPENED = [
  'calls of double',
  'calls of nested',
  'calls of spawning',
  'calls of mapping',
  'control planes killed',
  'containers killed',
  'deploys',
  'web requests: GET',
  'web requests: POST',
  'web requests: stream',
]

test('nothing is lost, wrong, refused or left over while all happens at once and is killed', async () => {
  const { code, printed } = await soak()
  assert.equal(code, 0, printed)
  for (const what of HAPPENED) assert.ok(printed.includes(what), `no ${what}`)
})

function soak(): Promise<{ code: number; printed: string }> {
  return new Promise((resolve) => {
    const args = ['--seconds', String(SECONDS)]
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const started = execFile(join(ROOT, 'scripts/soak'), args, { env }, (_, stdout, stderr) =>
      resolve({ code: started.exitCode ?? -1, printed: stdout + stderr }),
    )
  })
}
