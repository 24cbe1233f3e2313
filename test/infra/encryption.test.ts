import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Resource, Synthesis } from './synthesis.ts'

const stacks = new Synthesis()

test('what is stored is encrypted', () => {
  for (const { path, Properties } of stacks.ofType('AWS::DynamoDB::Table'))
    assert.equal(Properties.SSESpecification.SSEEnabled, true, path)
  for (const { path, Properties } of stacks.ofType('AWS::S3::Bucket'))
    assert.ok(Properties.BucketEncryption, path)
  for (const { path, Properties } of stacks.ofType('AWS::SQS::Queue'))
    assert.equal(Properties.SqsManagedSseEnabled, true, path)
})

test('the bucket and every queue refuse whoever comes without TLS', () => {
  const kinds = { 'AWS::S3::Bucket': 'AWS::S3::BucketPolicy', 'AWS::SQS::Queue': 'AWS::SQS::QueuePolicy' }
  for (const [kind, policyKind] of Object.entries(kinds)) {
    const guarded = stacks.ofType(policyKind).flatMap((policy) => whomItGuards(policy))
    for (const { path } of stacks.ofType(kind)) assert.ok(guarded.includes(path), path)
  }
})

test('with a certificate web endpoints are on HTTPS only, by a policy of TLS 1.2 or later', () => {
  const [http, https] = listeners(stacks)
  assert.equal(http?.Protocol, 'HTTP')
  assert.equal(http?.DefaultActions[0].Type, 'redirect')
  assert.equal(http?.DefaultActions[0].RedirectConfig.Protocol, 'HTTPS')
  assert.equal(https?.Protocol, 'HTTPS')
  assert.match(https?.SslPolicy, /TLS13-1-2/)
})

test('without a certificate they are on HTTP, and the operator is warned', () => {
  const plain = new Synthesis({ domain: undefined, certificate: undefined })
  assert.deepEqual(
    listeners(plain).map(({ Protocol }) => Protocol),
    ['HTTP'],
  )
  const warnings = plain.stack('Ingress').node.metadata.map(({ data }) => String(data))
  assert.match(warnings.join(), /plain HTTP.*-c certificate=/)
})

function whomItGuards({ stack, Properties }: Resource): string[] {
  const refusal = Properties.PolicyDocument.Statement.find(
    ({ Effect, Condition }: Resource['Properties']) =>
      Effect === 'Deny' && Condition?.Bool?.['aws:SecureTransport'] === 'false',
  )
  const resources = [refusal?.Resource].flat().map((resource) => stacks.text(stack, resource))
  assert.equal(stacks.text(stack, refusal?.Principal), '{"AWS":"*"}')
  return resources
}

function listeners(synthesis: Synthesis): Resource['Properties'][] {
  return synthesis
    .ofType('AWS::ElasticLoadBalancingV2::Listener')
    .map(({ Properties }) => Properties)
    .sort((one, other) => one.Port - other.Port)
}
