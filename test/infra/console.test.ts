import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { CachePolicy, OriginRequestPolicy } from 'aws-cdk-lib/aws-cloudfront'
import { ASSETS_KEPT, CONSOLE_HEADERS, PAGE_KEPT } from '../../protocol/console-headers.ts'
import { ROUTES } from '../../protocol/routes.ts'
import { listOf } from './statements.ts'
import { type Resource, Synthesis } from './synthesis.ts'

const DISTRIBUTION = 'Control/Console/Distribution'
const BUCKET = 'Control/Console/Files/Bucket'

const stacks = new Synthesis()
const { Properties: bucketPolicy } = stacks.at(`${BUCKET}/Policy`)
const { DistributionConfig: distribution } = stacks.at(DISTRIBUTION).Properties
const behaviors: Resource['Properties'][] = distribution.CacheBehaviors
const origins = Object.fromEntries(
  distribution.Origins.map((origin: Resource['Properties']) => [origin.Id, origin]),
)

test('every address of the console is its page, and each of its files is itself', () => {
  const { FunctionCode: code } = stacks.at('Control/Console/ToPage').Properties
  const asked = (uri: string) => runInNewContext(`${code}; handler({ request: { uri: '${uri}' } }).uri`)
  for (const address of ['/', '/sign-in', '/apps/main/my.app', '/apps/main/web/calls/01ABC'])
    assert.equal(asked(address), '/index.html')
  assert.equal(asked('/assets/index-1234.js'), '/assets/index-1234.js')
  const [association, ...others] = distribution.DefaultCacheBehavior.FunctionAssociations
  assert.equal(stacks.text('Control', association.FunctionARN), 'Control/Console/ToPage')
  assert.deepEqual([association.EventType, others], ['viewer-request', []])
})

test('whatever is answered comes with the headers of the console, over TLS for a year', () => {
  const { ResponseHeadersPolicyConfig: policy } = stacks.at('Control/Console/Headers').Properties
  const { CustomHeadersConfig: custom, SecurityHeadersConfig: security } = policy
  assert.deepEqual(
    {
      'content-security-policy': security.ContentSecurityPolicy.ContentSecurityPolicy,
      'x-content-type-options': security.ContentTypeOptions && 'nosniff',
      'referrer-policy': security.ReferrerPolicy.ReferrerPolicy,
      ...Object.fromEntries(custom.Items.map(({ Header, Value }: Record<string, string>) => [Header, Value])),
    },
    CONSOLE_HEADERS,
  )
  assert.equal(security.StrictTransportSecurity.AccessControlMaxAgeSec, 365 * 86_400)
  for (const { Override } of [...custom.Items, ...Object.values(security)]) assert.equal(Override, true)
  // Errors and files of the API come from the same origin as the page.
  for (const { ResponseHeadersPolicyId: used } of [distribution.DefaultCacheBehavior, ...behaviors])
    assert.equal(stacks.text('Control', used), 'Control/Console/Headers')
  assert.equal(distribution.DefaultCacheBehavior.ViewerProtocolPolicy, 'redirect-to-https')
})

test('every path of the API is led there, with all but its host, and no answer is kept or replaced', () => {
  for (const route of Object.values(ROUTES)) {
    const path = route.path.replace(/\{\w+\}/g, 'x')
    const behavior = behaviors.find(({ PathPattern }) => matches(PathPattern, path))
    assert.ok(behavior, `${path} would be answered with the page`)
    const { CustomOriginConfig, DomainName } = origins[behavior.TargetOriginId]
    assert.equal(CustomOriginConfig.OriginProtocolPolicy, 'https-only')
    assert.match(JSON.stringify(DomainName), /TokenApiHttp.*ApiEndpoint/)
    assert.equal(behavior.CachePolicyId, CachePolicy.CACHING_DISABLED.cachePolicyId)
    const { originRequestPolicyId } = OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER
    assert.equal(behavior.OriginRequestPolicyId, originRequestPolicyId)
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
      assert.ok(behavior.AllowedMethods.includes(method), `${method} ${path}`)
    assert.equal(behavior.ViewerProtocolPolicy, 'https-only')
  }
})

test('an error is kept for nobody: it may have been about another token, or a moment', () => {
  const errors: Resource['Properties'][] = distribution.CustomErrorResponses
  for (const { ErrorCachingMinTTL, ResponsePagePath } of errors)
    assert.deepEqual([ErrorCachingMinTTL, ResponsePagePath], [0, undefined])
  // "HTTP 4xx status codes that CloudFront always caches", and the same of 5xx.
  const codes = errors.map(({ ErrorCode }) => ErrorCode)
  for (const code of [404, 414, 500, 501, 502, 503, 504]) assert.ok(codes.includes(code), `${code}`)
})

test('what is no path of the API comes from the bucket, which only this distribution reads', () => {
  const { DomainName, OriginAccessControlId } = origins[distribution.DefaultCacheBehavior.TargetOriginId]
  assert.equal(stacks.text('Control', DomainName), BUCKET)
  assert.ok(OriginAccessControlId)
  const readers = listOf<Resource['Properties']>(bucketPolicy.PolicyDocument.Statement)
    .filter(({ Effect, Action }) => Effect === 'Allow' && listOf(Action).includes('s3:GetObject'))
    .map(({ Principal, Condition }) => [
      Principal.Service,
      stacks.text('Control', Condition.StringEquals['AWS:SourceArn']),
    ])
  assert.deepEqual(readers, [
    ['cloudfront.amazonaws.com', `arn:partition:cloudfront::accountid:distribution/${DISTRIBUTION}`],
  ])
})

test('files are there before the page that names them, and are kept for good, which the page is not', () => {
  const [assets, page] = ['Assets', 'Page'].map((name) => copyOf(`Control/Console/Files/${name}/`))
  assert.ok(assets && page)
  assert.deepEqual([assets.Properties.Exclude, assets.Properties.Include], [['index.html'], undefined])
  assert.deepEqual([page.Properties.Exclude, page.Properties.Include], [['*'], ['index.html']])
  assert.equal(assets.Properties.SystemMetadata['cache-control'], ASSETS_KEPT)
  assert.equal(page.Properties.SystemMetadata['cache-control'], PAGE_KEPT)
  const awaited = listOf(page.DependsOn ?? []).map((id) => stacks.text('Control', { Ref: id }))
  assert.ok(awaited.includes(assets.path), `the page waits for ${awaited}`)
  // A page from before the release still finds what it names.
  for (const { Properties } of [assets, page]) assert.equal(Properties.Prune, false)
})

test('who asks who they are, or what they have deployed, is told where the console is', () => {
  for (const group of ['Tokens', 'Deployments']) {
    const { stack, Properties } = stacks.at(`Control/Api/${group}/Function`)
    const { SLUICE_CONSOLE_URL } = Properties.Environment.Variables
    assert.equal(stacks.text(stack, SLUICE_CONSOLE_URL), `https://${DISTRIBUTION}`)
  }
})

function copyOf(place: string): Resource | undefined {
  return stacks.ofType('Custom::CDKBucketDeployment').find(({ path }) => path.startsWith(place))
}

/** "Distribution settings reference": `*` stands for any characters. */
function matches(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}
