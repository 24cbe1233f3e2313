import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newApp } from './synthesis.ts'

const FAULTS: [what: string, context: Record<string, string>, message: RegExp][] = [
  ['an unknown key', { domian: 'a.example.com' }, /no context key "domian"\. Did you mean "domain"\?/],
  [
    'a key with a prefix that it does not have',
    { 'sluice:domain': 'a.example.com' },
    /"sluice:domain"\. Did you mean "domain"\?/,
  ],
  ['what is like nothing known', { zzzzzzzzzzz: '1' }, /"zzzzzzzzzzz"\. There are domain, certificate,/],
  ['a domain with a scheme', { domain: 'https://example.com' }, /"domain".*must be a domain such as/],
  ['a certificate that is no ARN', { certificate: 'mine' }, /"certificate".*"mine".*must be the ARN/],
  ['a hosted zone by its name', { hostedZone: 'example.com' }, /"hostedZone".*must be a hosted zone's id/],
  ['neither yes nor no', { privateSubnets: 'perhaps' }, /"privateSubnets".*"perhaps".*true or false/],
  ['a console that is neither there nor not', { console: 'maybe' }, /"console".*"maybe".*true or false/],
  ['no load balancer', { ingressShards: '0' }, /"ingressShards".*"0".*must be at least 1/],
  ['more load balancers than are told of', { ingressShards: '6' }, /"ingressShards".*must be at most 5/],
  [
    'a time that CloudWatch does not know',
    { logRetentionDays: '10' },
    /"logRetentionDays".*"10".*1, 3, 5, 7/,
  ],
  [
    'what is neither kept nor destroyed',
    { removalPolicy: 'snapshot' },
    /"removalPolicy".*"retain" or "destroy"/,
  ],
  ['an architecture that Fargate has not', { architecture: 'riscv' }, /"architecture".*"arm64" or "x86_64"/],
  ['a topic by its name', { alarmTopic: 'pager' }, /"alarmTopic".*must be the ARN of an SNS topic/],
  ['several load balancers without a zone', { ingressShards: '2' }, /"ingressShards".*-c hostedZone=/],
]

for (const [what, context, message] of FAULTS) {
  test(`${what} is an error that says what to type`, () => {
    assert.match(errorsOf(newApp(context)).join('\n'), message)
  })
}

test('every fault is told at once, and ends the synthesis', () => {
  const app = newApp({ domian: 'a.example.com', ingressShards: 'many', architecture: 'riscv' })
  assert.equal(errorsOf(app).length, 3)
  assert.throws(() => app.synth(), /Validation failed/)
})

test('a certificate or a zone without a domain is refused', () => {
  const errors = errorsOf(newApp({ domain: undefined, hostedZone: 'Z0123' }))
  assert.equal(errors.filter((error) => error.includes('of no use without domain')).length, 2)
})

test('what the CDK keeps in the context is nobody’s fault', () => {
  const errors = errorsOf(
    newApp({ 'availability-zones:account=1:region=eu-west-1': ['a'], 'cli-telemetry': false }),
  )
  assert.deepEqual(errors, [])
})

function errorsOf({ node }: ReturnType<typeof newApp>): string[] {
  return node.metadata.filter(({ type }) => type === 'aws:cdk:error').map(({ data }) => data)
}
