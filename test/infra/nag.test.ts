import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AwsSolutionsChecks } from 'cdk-nag'
import { INSTALLATIONS } from './installations.ts'
import { newApp } from './synthesis.ts'

for (const [what, context] of Object.entries(INSTALLATIONS)) {
  test(`AWS Solutions has no finding in the stacks ${what} that is not accepted with a reason`, () => {
    const app = newApp(context)
    app.synth()
    const { violations } = new AwsSolutionsChecks(app).validateScope(app)
    const findings = violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    )
    assert.deepEqual(findings, [])
  })
}
