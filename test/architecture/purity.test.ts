import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const ROOT = resolve(import.meta.dirname, '../..')

interface Ban {
  where: RegExp
  except?: RegExp
  pattern: RegExp
  instead: string
}

const BANS: Ban[] = [
  {
    where: /^control\//,
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\.now\b|\bprocess\.hrtime\b/,
    instead: 'take the time from ports.clock.now()',
  },
  {
    where: /^control\//,
    pattern: /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\bgetRandomValues\b/,
    instead: 'take ids from ports.ids.next(…)',
  },
  {
    where: /^control\//,
    pattern: /\bset(Timeout|Interval|Immediate)\b|\bAbortSignal\.timeout\b/,
    instead: 'return when to look again, or wait on ports.events',
  },
  { where: /^control\//, pattern: /\bfetch\(|\bconsole\.|\bprocess\./, instead: 'add a method to a port' },
  {
    where: /^(protocol|control|platforms|lambdas|runner|sdk|cli)\//,
    // The SDK's clients ask for credentials without a word of where these are.
    except:
      /^(cli\/sluice\.mjs|cli\/main\.ts|cli\/commands\/up\.ts|sdk\/config\.ts|runner\/(main|child)\.ts|platforms\/aws\/(serve|lambda-credentials)\.ts|lambdas\/(api|events|runtime)\/)/,
    pattern: /\bprocess\.env\b|\benv\s*\}\s*=\s*process\b/,
    instead: 'read the environment in the entry file and pass what it says as an argument',
  },
]

const SAMPLES: [file: string, line: string][] = [
  ['control/a.ts', 'const now = Date.now()'],
  ['control/a.ts', 'const id = crypto.randomUUID()'],
  ['control/a.ts', 'setTimeout(sweep, 1000)'],
  ['control/a.ts', "await fetch('http://localhost')"],
  ['cli/commands/deploy.ts', 'const url = process.env.SLUICE_URL'],
]

test('the domain has no clock, randomness, timer or I/O, and only entry files read the environment', () => {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.mjs'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const files = listed.split('\n').filter((file) => file !== '' && existsSync(join(ROOT, file)))
  const faults = files.flatMap((file) => faultsOf(file, readFileSync(join(ROOT, file), 'utf8')))
  assert.deepEqual(faults, [])
})

test('each ban catches a line that breaks it, and no comment', () => {
  assert.equal(SAMPLES.length, BANS.length)
  for (const [file, line] of SAMPLES) {
    assert.equal(faultsOf(file, line).length, 1, line)
    assert.deepEqual(faultsOf(file, `// ${line}\n/* ${line} */`), [])
    assert.deepEqual(faultsOf('test/a.test.ts', line), [])
  }
})

function faultsOf(file: string, source: string): string[] {
  const bans = BANS.filter(({ where, except }) => where.test(file) && !except?.test(file))
  return withoutComments(source)
    .split('\n')
    .flatMap((line, index) =>
      bans
        .filter(({ pattern }) => pattern.test(line))
        .map(({ instead }) => `${file}:${index + 1}: ${line.trim()} (${instead})`),
    )
}

/** Keeps the line breaks, so that line numbers stay true. */
function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, (comment) => comment.replace(/[^\n]/g, ''))
}
