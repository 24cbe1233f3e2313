import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'

const ROOT = resolve(import.meta.dirname, '../..')
const CONFIG = join(ROOT, '.dependency-cruiser.mjs')

/** Legal on its own; the files that break a rule import from here. */
const TREE: Record<string, string> = {
  'protocol/names.ts': "export { z } from 'zod'",
  'control/model.ts': "export type { z } from '../protocol/names.ts'",
  'platforms/local/store.ts': "import 'node:sqlite'\nexport * from '../../control/model.ts'",
  'platforms/aws/store.ts': "export * from '../../control/model.ts'",
  'lambdas/handlers/calls.ts': "import '@middy/core'\nexport * from '../../control/model.ts'",
  'lambdas/api/calls.ts': "import '../handlers/calls.ts'\nimport '../../platforms/aws/store.ts'",
  'infra/main.ts': "import '../protocol/names.ts'",
  'runner/main.ts': "import 'ws'\nimport '../protocol/names.ts'",
  'sdk/index.ts': "import '../protocol/names.ts'",
  'cli/main.ts':
    "import 'commander'\nimport './commands/up.ts'\nimport './open.ts'\nimport '../sdk/index.ts'",
  'cli/open.ts': "import 'node:fs'",
  'cli/commands/up.ts': "import '../../platforms/local/store.ts'",
  'console/main.tsx': "import '../protocol/names.ts'\nexport const Page = () => <p />",
  'examples/one/app.ts': "import 'sluice'",
  'examples/two/app.ts': "import 'sluice'",
}

/** For each rule, a file that breaks it. */
const VIOLATIONS: [rule: string, file: string, source: string][] = [
  ['imports-of-protocol', 'protocol/a.ts', "import '../control/model.ts'"],
  ['imports-of-control', 'control/a.ts', "import '../platforms/local/store.ts'"],
  ['imports-of-control', 'control/b.ts', "import { readFile } from 'node:fs/promises'"],
  ['imports-of-control', 'control/c.ts', "import type { WebSocket } from 'ws'"],
  ['imports-of-platforms-local', 'platforms/local/a.ts', "import '../aws/store.ts'"],
  ['imports-of-platforms-aws', 'platforms/aws/a.ts', "import '../local/store.ts'"],
  ['imports-of-lambdas', 'lambdas/handlers/a.ts', "import '../../platforms/aws/store.ts'"],
  ['imports-of-lambdas-entries', 'lambdas/api/a.ts', "import '../../platforms/local/store.ts'"],
  ['imports-of-infra', 'infra/a.ts', "import '../lambdas/api/calls.ts'"],
  ['imports-of-runner', 'runner/a.ts', "import '../control/model.ts'"],
  ['imports-of-runner', 'runner/b.ts', "import 'undici'"],
  ['imports-of-runner', 'runner/f.ts', "await using files = await import('../control/model.ts')"],
  ['imports-of-runner-bundle', 'runner/bundle.ts', "import '../control/model.ts'"],
  ['imports-of-sdk', 'sdk/a.ts', "import 'commander'"],
  ['imports-of-sdk-deploy', 'sdk/deploy/a.ts', "import 'commander'"],
  ['imports-of-cli', 'cli/a.ts', "import '../platforms/local/store.ts'"],
  ['imports-of-cli', 'cli/commands/deploy.ts', "import '../../control/model.ts'"],
  ['imports-of-cli-up-and-down', 'cli/commands/down.ts', "import '../../control/model.ts'"],
  ['imports-of-console', 'console/a.ts', "import '../control/model.ts'"],
  ['imports-of-examples', 'examples/one/a.ts', "import '../two/app.ts'"],
  ['imports-of-examples', 'examples/one/b.ts', "import '../../protocol/names.ts'"],
  ['sluice-by-name', 'examples/one/c.ts', "import '../../sdk/index.ts'"],
  ['declared-dependencies', 'sdk/b.ts', "import 'hono'"],
  ['no-cycle', 'runner/c.ts', "import type { D } from './d.ts'\nexport type C = D"],
  ['resolvable', 'runner/e.ts', "import './not-there.ts'"],
  ['no-dead-file', 'control/forgotten.ts', 'export const forgotten = true'],
]

const tree = mkdtempSync(join(tmpdir(), 'sluice-imports-'))

before(() => {
  for (const [file, source] of Object.entries(TREE)) write(file, source)
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'))
  cpSync(join(ROOT, 'package.json'), join(tree, 'package.json'))
})
after(() => rmSync(tree, { recursive: true, force: true }))

test('this repository keeps to the import rule', () => {
  const { status, output } = cruise(ROOT, 'err-long')
  assert.equal(status, 0, output)
})

test('a tree that keeps to the rule is not complained about', () => {
  assert.deepEqual(violationsIn(tree), [])
})

test('every rule catches a file that breaks it', () => {
  for (const [, file, source] of VIOLATIONS) write(file, source)
  write('runner/d.ts', "import type { C } from './c.ts'\nexport type D = C")
  const caught = violationsIn(tree)
  for (const [rule, file] of VIOLATIONS) {
    assert.ok(
      caught.includes(`${rule}: ${file}`),
      `${rule} does not catch ${file}; caught: ${caught.join(', ')}`,
    )
  }
})

test('every rule is proven above and says what to do instead', async () => {
  const { default: config }: { default: { forbidden: { name: string; comment: string }[] } } = await import(
    CONFIG
  )
  const proven = new Set(VIOLATIONS.map(([rule]) => rule))
  for (const { name, comment } of config.forbidden) {
    assert.ok(proven.has(name), `no file above breaks ${name}`)
    assert.ok(comment.length > 40, `${name} does not say what to do instead`)
  }
})

function write(file: string, source: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true })
  writeFileSync(join(tree, file), `${source}\n`)
}

function violationsIn(folder: string): string[] {
  const { output } = cruise(folder, 'json')
  const { summary }: { summary: { violations: { from: string; rule: { name: string } }[] } } =
    JSON.parse(output)
  return summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`)
}

function cruise(folder: string, format: 'json' | 'err-long'): { status: number | null; output: string } {
  const depcruise = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [depcruise, '--config', CONFIG, '--preserve-symlinks', '--output-type', format, '.'],
    { cwd: folder, encoding: 'utf8' },
  )
  return { status, output: stdout || stderr }
}
