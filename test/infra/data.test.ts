import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type IndexShape, TABLES } from '../../platforms/aws/tables.ts'
import { type Resource, Synthesis } from './synthesis.ts'

const stacks = new Synthesis()
/** Each release makes them anew. */
const CONSOLE_FILES = 'Control/Console/Files/Bucket'
const STATE = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::SecretsManager::Secret']

test('state outlives its stack, and nothing else does', () => {
  for (const { path, Type, DeletionPolicy, UpdateReplacePolicy } of stacks.resources) {
    const isState = STATE.includes(Type) && path !== CONSOLE_FILES
    assert.equal(DeletionPolicy === 'Retain', isState, path)
    assert.equal(UpdateReplacePolicy === 'Retain', isState, path)
  }
})

test('with removalPolicy=destroy nothing is left, contents included', () => {
  const passing = new Synthesis({ removalPolicy: 'destroy' })
  const kept = passing.resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')
  assert.deepEqual(kept, [])
  const emptied = passing.ofType('Custom::S3AutoDeleteObjects')
  const buckets = emptied.map(({ stack, Properties }) => passing.text(stack, Properties.BucketName))
  assert.deepEqual(buckets, ['Data/Blobs', CONSOLE_FILES])
})

test('with deletionProtection, data and load balancers refuse to be deleted', () => {
  const guarded = new Synthesis({ deletionProtection: 'true' })
  for (const { Properties } of guarded.ofType('AWS::DynamoDB::Table'))
    assert.equal(Properties.DeletionProtectionEnabled, true)
  for (const { Properties } of guarded.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer'))
    assert.ok(hasAttribute(Properties, 'deletion_protection.enabled', 'true'))
  assert.equal(guarded.stack('Data').terminationProtection, true)
})

test('the tables are those that the code uses, by key and by index', () => {
  const tables = Object.fromEntries(stacks.ofType('AWS::DynamoDB::Table').map((table) => [table.path, table]))
  const expected = Object.entries(TABLES).map(([name, shape]) => [pathOf(name), shape] as const)
  assert.deepEqual(Object.keys(tables).sort(), expected.map(([path]) => path).sort())
  for (const [path, { partitionKey, sortKey, timeToLive, indexes = {} }] of expected) {
    const { Properties } = stacks.at(path)
    assert.deepEqual(keysIn(Properties), sortKey === undefined ? [partitionKey] : [partitionKey, sortKey])
    assert.equal(Properties.TimeToLiveSpecification?.AttributeName, timeToLive)
    assert.deepEqual(indexesIn(Properties), Object.entries(indexes).map(described))
  }
})

test('every table is paid for by request, and can be brought back to any second', () => {
  for (const { path, Properties } of stacks.ofType('AWS::DynamoDB::Table')) {
    assert.equal(Properties.BillingMode, 'PAY_PER_REQUEST', path)
    assert.equal(Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled, true, path)
  }
})

const pathOf = (name: string): string => `Data/${name[0]?.toUpperCase()}${name.slice(1)}`

function described([name, { partitionKey, sortKey, sortKeyType = 'string', include }]: [string, IndexShape]) {
  return { name, keys: [partitionKey, sortKey], sortKeyType, include }
}

function indexesIn(table: Resource['Properties']) {
  return (table.GlobalSecondaryIndexes ?? []).map((index: Resource['Properties']) => {
    const keys = keysIn(index)
    return {
      name: index.IndexName,
      keys,
      sortKeyType: typeOf(table, keys[1]),
      include: index.Projection.NonKeyAttributes,
    }
  })
}

function keysIn({ KeySchema }: Resource['Properties']): string[] {
  return KeySchema.map(({ AttributeName }: Record<string, string>) => AttributeName)
}

function typeOf({ AttributeDefinitions }: Resource['Properties'], name: string | undefined): string {
  const found = AttributeDefinitions.find(
    ({ AttributeName }: Record<string, string>) => AttributeName === name,
  )
  return found.AttributeType === 'N' ? 'number' : 'string'
}

function hasAttribute(
  { LoadBalancerAttributes }: Resource['Properties'],
  key: string,
  value: string,
): boolean {
  return LoadBalancerAttributes.some(
    (attribute: Record<string, string>) => attribute.Key === key && attribute.Value === value,
  )
}
