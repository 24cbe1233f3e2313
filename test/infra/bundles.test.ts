import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { compileHandlers } from '../../infra/bundle.ts'
import { Synthesis } from './synthesis.ts'

/**
 * Which AWS services the code of each handler can speak to, and what it may weigh: the time that a function takes to start
 * grows with it. One that outgrows its bound may have come to import what it has no use for.
 */
const HANDLERS: Record<string, { kilobytes: number; clients: string[] }> = {
  'api/public': { kilobytes: 250, clients: [] },
  'api/audit': { kilobytes: 600, clients: ['dynamodb', 'secrets-manager', 'sns'] },
  'api/blobs': { kilobytes: 720, clients: ['dynamodb', 's3', 'secrets-manager'] },
  'api/logs': { kilobytes: 590, clients: ['cloudwatch-logs', 'dynamodb', 'secrets-manager'] },
  'api/calls': { kilobytes: 810, clients: ['dynamodb', 'eventbridge', 's3', 'secrets-manager', 'sqs'] },
  'api/containers': {
    kilobytes: 700,
    clients: ['cloudwatch-logs', 'dynamodb', 'ecs', 'eventbridge', 'secrets-manager', 'sqs'],
  },
  'api/deployments': {
    kilobytes: 1_040,
    clients: [
      'dynamodb',
      'elastic-load-balancing-v2',
      'eventbridge',
      'route-53',
      's3',
      'scheduler',
      'secrets-manager',
      'sqs',
    ],
  },
  'api/tokens': { kilobytes: 550, clients: ['dynamodb', 'secrets-manager'] },
  'api/schedules': { kilobytes: 660, clients: ['dynamodb', 'secrets-manager', 'sqs'] },
  'api/secrets': { kilobytes: 570, clients: ['dynamodb', 'secrets-manager'] },
  'api/usage': { kilobytes: 590, clients: ['dynamodb', 'secrets-manager'] },
  'api/collection': {
    kilobytes: 800,
    clients: ['cloudwatch-logs', 'dynamodb', 's3', 'secrets-manager', 'sqs'],
  },
  'runtime/runtime': { kilobytes: 860, clients: ['dynamodb', 'eventbridge', 's3', 'secrets-manager', 'sqs'] },
  'events/work-due': {
    kilobytes: 940,
    clients: [
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
  },
  'events/sweep-due': {
    kilobytes: 720,
    clients: ['cloudwatch-logs', 'dynamodb', 'ecs', 'eventbridge', 'secrets-manager', 'sqs'],
  },
  'events/task-changed': { kilobytes: 620, clients: ['cloudwatch-logs', 'dynamodb', 'eventbridge', 'sqs'] },
  'events/schedule-undelivered': { kilobytes: 640, clients: ['dynamodb', 'secrets-manager', 'sqs'] },
  'events/history-changed': { kilobytes: 300, clients: ['eventbridge'] },
  'events/notice-due': {
    kilobytes: 630,
    clients: ['cloudwatch-logs', 'dynamodb', 'secrets-manager', 'sns', 'sqs'],
  },
  'events/schedule-fired': { kilobytes: 640, clients: ['dynamodb', 'secrets-manager', 'sqs'] },
  'events/collection-due': { kilobytes: 710, clients: ['dynamodb', 's3', 'secrets-manager'] },
  'events/token-requested': { kilobytes: 530, clients: ['dynamodb', 'secrets-manager'] },
  'events/web-request-waiting': { kilobytes: 660, clients: ['dynamodb', 'lambda', 'sqs'] },
  'events/web-request-forwarded': { kilobytes: 140, clients: [] },
}

const compiled = compileHandlers()
const bundles = Object.entries(compiled.metafile.outputs).flatMap(([file, { entryPoint, inputs, bytes }]) =>
  entryPoint === undefined ? [] : [{ file, entry: entryPoint.replace(/\.ts$/, ''), inputs, bytes }],
)

test('every entry is known here', () => {
  assert.deepEqual(bundles.map(({ entry }) => entry).sort(), Object.keys(HANDLERS).sort())
})

for (const { entry, inputs, bytes } of bundles) {
  test(`${entry} is small, and made of what it speaks to`, (context) => {
    const bound = HANDLERS[entry]
    const kilobytes = Math.ceil(bytes / 1000)
    context.diagnostic(`${entry}: ${kilobytes} KB`)
    const clients = Object.keys(inputs).flatMap((path) => /@aws-sdk\/client-([^/]+)/.exec(path)?.[1] ?? [])
    assert.deepEqual([...new Set(clients)].sort(), bound?.clients)
    assert.ok(kilobytes <= (bound?.kilobytes ?? 0), `${kilobytes} KB are more than ${bound?.kilobytes}`)
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
