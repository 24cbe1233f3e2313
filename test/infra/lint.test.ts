import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { test } from 'node:test'
import { installCfnLint } from './cfn-lint/install.ts'
import { INSTALLATIONS } from './installations.ts'
import { Synthesis } from './synthesis.ts'

/** That a dependency is said twice, which the CDK does wherever a function has a role. */
const ACCEPTED = 'W3005'

const { program, missing } = attempt()

for (const [what, context] of Object.entries(INSTALLATIONS)) {
  test(`cfn-lint finds nothing in the templates ${what}`, { skip: missing }, () => {
    const { folder } = new Synthesis(context)
    const templates = globSync('*.template.json', { cwd: folder })
    assert.equal(templates.length, 5)
    const { stdout, stderr, status } = spawnSync(program, ['--ignore-checks', ACCEPTED, '--', ...templates], {
      cwd: folder,
      encoding: 'utf8',
    })
    assert.equal(stdout + stderr, '')
    assert.equal(status, 0)
  })
}

function attempt(): { program: string; missing: string | false } {
  try {
    return { program: installCfnLint(), missing: false }
  } catch (error) {
    return { program: '', missing: `cfn-lint cannot be installed on this machine: ${error}` }
  }
}
