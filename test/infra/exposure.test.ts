import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ROUTES } from '../../protocol/routes.ts'
import { type Resource, Synthesis } from './synthesis.ts'

const stacks = new Synthesis()

test('the internet reaches the load balancers on 80 and 443, and nothing else in the network', () => {
  const open = stacks
    .ofType('AWS::EC2::SecurityGroup')
    .flatMap(({ path, Properties }) =>
      (Properties.SecurityGroupIngress ?? []).map(
        ({ CidrIp, FromPort, ToPort }: Record<string, unknown>) => `${path} ${CidrIp} ${FromPort}-${ToPort}`,
      ),
    )
  assert.deepEqual(open, ['Network/LoadBalancers 0.0.0.0/0 80-80', 'Network/LoadBalancers 0.0.0.0/0 443-443'])
})

test('containers are reached by the load balancers and the forwarder, on the port that they listen at', () => {
  const ways = stacks
    .ofType('AWS::EC2::SecurityGroupIngress')
    .map(({ stack, Properties }) => [
      stacks.text(stack, Properties.SourceSecurityGroupId),
      stacks.text(stack, Properties.GroupId),
      Properties.FromPort,
      Properties.ToPort,
    ])
  assert.deepEqual(ways.sort(), [
    ['Network/Forwarder', 'Network/Containers', 8080, 8080],
    ['Network/LoadBalancers', 'Network/Containers', 8080, 8080],
  ])
})

test('the load balancers and the forwarder reach containers and nothing else', () => {
  const ways = stacks.ofType('AWS::EC2::SecurityGroupEgress').map(({ stack, Properties }) => ({
    from: stacks.text(stack, Properties.GroupId),
    to: stacks.text(stack, Properties.DestinationSecurityGroupId),
  }))
  assert.deepEqual(ways.map(({ from, to }) => `${from} → ${to}`).sort(), [
    'Network/Forwarder → Network/Containers',
    'Network/LoadBalancers → Network/Containers',
  ])
  for (const { from } of ways) assert.equal(stacks.at(from).Properties.SecurityGroupEgress, undefined)
})

test('nobody from outside may read the bucket', () => {
  for (const { Properties } of stacks.ofType('AWS::S3::Bucket')) {
    assert.deepEqual(Properties.PublicAccessBlockConfiguration, {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    })
  }
})

test('functions have no addresses of their own, and are invoked by what the installation itself made', () => {
  assert.deepEqual(stacks.ofType('AWS::Lambda::Url'), [])
  for (const { path, stack, Properties } of stacks.ofType('AWS::Lambda::Permission')) {
    const source = stacks.text(stack, Properties.SourceArn ?? Properties.SourceAccount)
    assert.match(source, /^(accountid|Control\/|arn:partition:execute-api:region:accountid:Control\/)/, path)
  }
})

test('the token API has every route, on the function of its group', () => {
  assert.deepEqual(routesOf('TokenApi'), {
    ...Object.fromEntries(Object.values(ROUTES).map((route) => [keyOf(route), functionOf(route.group)])),
    $default: functionOf('public'),
  })
})

test('the signed API has those that are not for containers, and lets nobody in without a signature', () => {
  const forPeople = Object.values(ROUTES).filter(({ audience }) => audience !== 'container')
  assert.deepEqual(routesOf('SignedApi'), {
    ...Object.fromEntries(forPeople.map((route) => [keyOf(route), functionOf(route.group)])),
    $default: functionOf('public'),
  })
  for (const { Properties } of routes('SignedApi')) assert.equal(Properties.AuthorizationType, 'AWS_IAM')
})

test('both APIs are throttled, and log who asked for what without saying with which token', () => {
  const stages = stacks.ofType('AWS::ApiGatewayV2::Stage')
  assert.equal(stages.length, 2)
  for (const { Properties } of stages) {
    assert.ok(Properties.DefaultRouteSettings.ThrottlingRateLimit > 0)
    assert.ok(Properties.DefaultRouteSettings.ThrottlingBurstLimit > 0)
    const format: string = Properties.AccessLogSettings.Format
    assert.match(format, /\$context\.routeKey/)
    assert.doesNotMatch(format, /authoriz|header/i)
  }
})

const keyOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`
const functionOf = (group: string): string =>
  `Control/Api/${group[0]?.toUpperCase()}${group.slice(1)}/Function`

function routesOf(api: string): Record<string, string> {
  return Object.fromEntries(
    routes(api).map(({ stack, Properties }) => [Properties.RouteKey, targetOf(stack, Properties)]),
  )
}

function routes(api: string): Resource[] {
  return stacks.ofType('AWS::ApiGatewayV2::Route').filter(({ path }) => path.startsWith(`Control/${api}/`))
}

function targetOf(stack: string, { Target }: Resource['Properties']): string {
  const integration = stacks.at(stacks.text(stack, Target).replace('integrations/', ''))
  return stacks.text(stack, integration.Properties.IntegrationUri)
}
