import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { compileHandlers } from '../../infra/bundle.ts'
import { Synthesis } from './synthesis.ts'

/** Which AWS services the code of each handler can speak to. */
const CLIENTS: Record<string, string[]> = {
  'api/public': [],
  'api/audit': ['dynamodb', 'secrets-manager', 'sns'],
  'api/blobs': ['dynamodb', 's3', 'secrets-manager'],
  'api/logs': ['cloudwatch-logs', 'dynamodb', 'secrets-manager'],
  'api/calls': ['dynamodb', 'eventbridge', 's3', 'secrets-manager', 'sqs'],
  'api/containers': ['cloudwatch-logs', 'dynamodb', 'ecs', 'eventbridge', 'secrets-manager', 'sqs'],
  'api/deployments': [
    'dynamodb',
    'elastic-load-balancing-v2',
    'eventbridge',
    'route-53',
    's3',
    'scheduler',
    'secrets-manager',
    'sqs',
  ],
  'api/tokens': ['dynamodb', 'secrets-manager'],
  'api/schedules': ['dynamodb', 'secrets-manager', 'sqs'],
  'api/secrets': ['dynamodb', 'secrets-manager'],
  'api/usage': ['dynamodb', 'secrets-manager'],
  'api/collection': ['cloudwatch-logs', 'dynamodb', 's3', 'secrets-manager', 'sqs'],
  'runtime/runtime': ['dynamodb', 'eventbridge', 's3', 'secrets-manager', 'sqs'],
  'events/work-due': [
    'cloudwatch-logs',
    'dynamodb',
    'ecs',
    'elastic-load-balancing-v2',
    'eventbridge',
    'route-53',
    'scheduler',
    'secrets-manager',
    'sqs',
  ],
  'events/sweep-due': ['cloudwatch-logs', 'dynamodb', 'ecs', 'eventbridge', 'secrets-manager', 'sqs'],
  'events/task-changed': ['cloudwatch-logs', 'dynamodb', 'eventbridge', 'sqs'],
  'events/schedule-undelivered': ['dynamodb', 'secrets-manager', 'sqs'],
  'events/history-changed': ['eventbridge'],
  'events/notice-due': ['cloudwatch-logs', 'dynamodb', 'secrets-manager', 'sns', 'sqs'],
  'events/schedule-fired': ['dynamodb', 'secrets-manager', 'sqs'],
  'events/collection-due': ['dynamodb', 's3', 'secrets-manager'],
  'events/token-requested': ['dynamodb', 'secrets-manager'],
  'events/web-request-waiting': ['dynamodb', 'lambda', 'sqs'],
  'events/web-request-forwarded': [],
}
/** The time that a function takes to start grows with it. */
const MOST_KB = 1_200

const compiled = compileHandlers()
const bundles = Object.entries(compiled.metafile.outputs).flatMap(([file, { entryPoint, inputs, bytes }]) =>
  entryPoint === undefined ? [] : [{ file, entry: entryPoint.replace(/\.ts$/, ''), inputs, bytes }],
)

test('every entry is known here', () => {
  assert.deepEqual(bundles.map(({ entry }) => entry).sort(), Object.keys(CLIENTS).sort())
})

for (const { entry, inputs, bytes } of bundles) {
  test(`${entry} is small, and made of what it speaks to`, (context) => {
    const kilobytes = Math.ceil(bytes / 1000)
    context.diagnostic(`${entry}: ${kilobytes} KB`)
    const clients = Object.keys(inputs).flatMap((path) => /@aws-sdk\/client-([^/]+)/.exec(path)?.[1] ?? [])
    assert.deepEqual([...new Set(clients)].sort(), CLIENTS[entry])
    assert.ok(kilobytes <= MOST_KB, `${kilobytes} KB are more than ${MOST_KB}`)
  })
}

test('credentials are looked for in the environment only, where Lambda puts them', () => {
  const elsewhere = /@aws-sdk\/(credential-provider-|token-providers|nested-clients)/
  for (const { entry, inputs } of bundles) {
    const paths = Object.keys(inputs)
    assert.deepEqual(
      paths.filter((path) => elsewhere.test(path)),
      [],
      entry,
    )
    const hasClient = paths.some((path) => path.includes('@aws-sdk/client-'))
    assert.equal(paths.includes('../platforms/aws/lambda-credentials.ts'), hasClient, entry)
  }
})

test('each function is deployed with the code of its own entry', () => {
  const stacks = new Synthesis({ 'aws:cdk:bundling-stacks': ['**'] })
  const deployed = stacks.functions().map(({ Properties }) => {
    const [file = ''] = Properties.Handler.split('.')
    const asset = `asset.${Properties.Code.S3Key.replace('.zip', '')}`
    return [file, readFileSync(join(stacks.folder, asset, `${file}.js`), 'utf8')]
  })
  const expected = compiled.outputFiles
    .filter(({ path }) => path.endsWith('.js'))
    .map(({ path, text }) => [basename(path, '.js'), text])
  assert.deepEqual(deployed.sort(), expected.sort())
})
