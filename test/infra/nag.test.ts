import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AwsSolutionsChecks } from 'cdk-nag'
import { newApp } from './synthesis.ts'

/** Together they have every resource that there can be. */
const CHOICES: Record<string, Record<string, string | undefined>> = {
  'as a newcomer deploys them': { domain: undefined, certificate: undefined },
  'with all that can be chosen': {
    hostedZone: 'Z0123456789ABC',
    ingressShards: '2',
    privateSubnets: 'true',
    runnerImage: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/runner:1',
    accessLogs: 'logs-of-load-balancers',
    alarmTopic: 'arn:aws:sns:eu-west-1:111122223333:pager',
    runtimeConcurrency: '50',
    deletionProtection: 'true',
  },
  'to be thrown away': { removalPolicy: 'destroy' },
}

for (const [what, context] of Object.entries(CHOICES)) {
  test(`the stacks ${what} have no finding of AWS Solutions that is not accepted with a reason`, () => {
    const app = newApp(context)
    app.synth()
    const { violations } = new AwsSolutionsChecks(app).validateScope(app)
    const findings = violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    )
    assert.deepEqual(findings, [])
  })
}
