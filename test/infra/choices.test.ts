import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Resource, Synthesis } from './synthesis.ts'

const stacks = new Synthesis()

test('without any choice endpoints are paths of the load balancer, and the outputs say how to begin', () => {
  const plain = new Synthesis({ domain: undefined, certificate: undefined })
  assert.deepEqual(
    Object.entries(plain.outputs('Control')).filter(([name]) => !name.startsWith('Publish')),
    [
      ['ConsoleUrl', 'https://Control/Console/Distribution'],
      ['ApiUrl', 'Control/TokenApi/Http'],
      ['SignedApiUrl', 'Control/SignedApi/Http'],
      ['NoticeTopic', 'Control/Notices/Topic'],
      ['IngressUrl', 'http://Ingress/LoadBalancer1/<label>'],
      [
        'FirstToken',
        `aws lambda invoke --region region --function-name Control/TokenRequests/Handler/Function --cli-binary-format raw-in-base64-out --payload '{"name":"me"}' /dev/stdout`,
      ],
    ],
  )
})

test('without the console there is nothing of it, and nobody is told of one', () => {
  const bare = new Synthesis({ console: 'false' })
  assert.equal(bare.outputs('Control').ConsoleUrl, undefined)
  assert.deepEqual(
    bare.resources.filter(({ path, Type }) => /Console|Custom::/.test(path) || /CloudFront/.test(Type)),
    [],
  )
  for (const { path, Properties } of bare.ofType('AWS::Lambda::Function'))
    assert.equal(Properties.Environment?.Variables.SLUICE_CONSOLE_URL, undefined, path)
})

test('a domain gives each endpoint a name, which the zone leads to the first load balancer', () => {
  const named = new Synthesis({ hostedZone: 'Z0123' })
  assert.equal(named.outputs('Control').IngressUrl, 'https://<label>.apps.example.com')
  const [names, ...others] = named.ofType('AWS::Route53::RecordSet')
  assert.deepEqual(others, [])
  assert.equal(names?.Properties.Name, '*.apps.example.com.')
  assert.equal(names?.Properties.HostedZoneId, 'Z0123')
  assert.match(named.text('Ingress', names?.Properties.AliasTarget.DNSName), /Ingress\/LoadBalancer1$/)
})

test('each load balancer has a target group of its own for what waits, and the handlers are told of all', () => {
  const wide = new Synthesis({ hostedZone: 'Z0123', ingressShards: '2' })
  const { stack, Properties } = wide.at('Control/Work/Handler/Function')
  const told = JSON.parse(wide.text(stack, Properties.Environment.Variables.SLUICE_INGRESS_SHARDS))
  assert.deepEqual(
    told,
    [1, 2].map((number) => [
      `Ingress/LoadBalancer${number}/Https`,
      `Ingress/Shard${number}/Waiting`,
      `Ingress/LoadBalancer${number}`,
      `Ingress/LoadBalancer${number}`,
    ]),
  )
})

test('what waits for a container is told every value of a header', () => {
  const group = stacks.at('Ingress/Shard1/Waiting')
  assert.equal(group.Properties.TargetType, 'lambda')
  assert.deepEqual(group.Properties.TargetGroupAttributes, [
    { Key: 'lambda.multi_value_headers.enabled', Value: 'true' },
  ])
})

test('load balancers wait as long as they can, and take no header that is none', () => {
  const { attributes } = loadBalancerOf(stacks)
  assert.equal(attributes['idle_timeout.timeout_seconds'], '4000')
  assert.equal(attributes['routing.http.drop_invalid_header_fields.enabled'], 'true')
})

test('load balancers log to the bucket that the operator names', () => {
  const { attributes } = loadBalancerOf(new Synthesis({ accessLogs: 'logs-of-load-balancers' }))
  assert.equal(attributes['access_logs.s3.enabled'], 'true')
  assert.equal(attributes['access_logs.s3.bucket'], 'logs-of-load-balancers')
})

test('what answers containers has executions kept for it where the operator says so, and no function else', () => {
  const reserved = (synthesis: Synthesis) =>
    synthesis
      .ofType('AWS::Lambda::Function')
      .filter(({ Properties }) => Properties.ReservedConcurrentExecutions !== undefined)
      .map(({ path, Properties }) => [path, Properties.ReservedConcurrentExecutions])
  assert.deepEqual(reserved(stacks), [])
  assert.deepEqual(reserved(new Synthesis({ runtimeConcurrency: '50' })), [
    ['Control/Api/Runtime/Function', 50],
  ])
})

test('whatever can be tagged says whose it is', () => {
  const tagged = (resource: Resource): boolean =>
    JSON.stringify(resource.Properties.Tags ?? '').includes('sluice')
  for (const type of [
    'DynamoDB::Table',
    'S3::Bucket',
    'SQS::Queue',
    'Lambda::Function',
    'ECS::TaskDefinition',
  ])
    for (const resource of stacks.ofType(`AWS::${type}`).filter(({ path }) => !path.includes('/Custom::')))
      assert.ok(tagged(resource), resource.path)
})

function loadBalancerOf(synthesis: Synthesis): { attributes: Record<string, string> } {
  const { LoadBalancerAttributes } = synthesis.at('Ingress/LoadBalancer1').Properties
  const pairs = LoadBalancerAttributes.map(({ Key, Value }: Record<string, string>) => [Key, Value])
  return { attributes: Object.fromEntries(pairs) }
}
