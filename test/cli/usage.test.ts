import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UsageFigures, UsageView } from '../../protocol/usage-view.ts'
import { startPeer } from '../sdk/peer.ts'
import { sluice } from './sluice.ts'

const UTC = { TZ: 'UTC' }
const NOTHING: UsageFigures = {
  ...{ calls: 0, errors: 0, timeouts: 0, requests: 0, serverErrors: 0, coldStarts: 0 },
  containerSeconds: { total: 0, starting: 0, busy: 0, idle: 0, draining: 0 },
  cost: { total: 0, starting: 0, busy: 0, idle: 0, draining: 0, requests: 0 },
}
const EXTENT = {
  env: 'main',
  since: '2026-01-31T06:00:00.000Z',
  until: '2026-01-31T08:00:00.000Z',
  prices: { region: 'us-east-1', architecture: 'arm64' as const, asOf: '2026-01' },
}
const GREET: UsageFigures = {
  ...NOTHING,
  calls: 40,
  errors: 3,
  coldStarts: 2,
  durationMs: { p50: 8.14, p95: 1340, p99: 95_000 },
  queueMs: { p50: 1, p95: 12.2, p99: 30 },
  coldStartMs: { p50: 350, p95: 400, p99: 400 },
  containerSeconds: { total: 7500, starting: 1, busy: 499, idle: 6900, draining: 100 },
  cost: { total: 1.5, starting: 0, busy: 0.3, idle: 0.0123, draining: 0.00004567, requests: 0.1 },
}

const cells = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/ {3,}/))

test('usage shows a line for each function and one for all, and leaves out what there is none of', async () => {
  const usage: UsageView = {
    app: 'demo',
    ...EXTENT,
    total: { ...GREET, requests: 9 },
    items: [
      { function: 'greet', ...GREET },
      { function: 'site', ...NOTHING, requests: 9, serverErrors: 9 },
    ],
  }
  await using peer = await startPeer({ getUsage: () => usage })
  const words = ['usage', 'demo', '--since', '2026-01-31T06:00Z']
  const { stdout, stderr } = await sluice(words, { url: peer.url, variables: UTC })
  const [head, greet, site, total] = cells(stdout)
  assert.deepEqual(head, [
    ...['Function', 'Calls', 'Requests', 'Errors', 'p50', 'p95', 'p99', 'Queue p95', 'Cold starts'],
    ...['Container time', 'Idle cost', 'Drain cost', 'Cost'],
  ])
  assert.deepEqual(greet, [
    ...['greet', '40', '3 (7.5 %)', '8.1ms', '1.3s', '1m 35s', '12ms', '2 (350ms)'],
    ...['2h 5m', '$0.012', '$0.000046', '$1.50'],
  ])
  assert.deepEqual(site, ['site', '9', '9 (100 %)', '0s'])
  assert.equal(total?.[0], 'Total')
  assert.match(stderr, /From 2026-01-31 06:00:00 to .* us-east-1, on arm64/)
  const [{ query } = assert.fail()] = peer.requests
  assert.equal(query.since, '2026-01-31T06:00:00.000Z')
})

test('usage of an environment shows all pages', async () => {
  const pages = [
    { ...EXTENT, items: [{ app: 'demo', tags: { team: 'voice' }, ...GREET }], cursor: 'next' },
    { ...EXTENT, items: [{ app: 'old', ...NOTHING }] },
  ]
  await using peer = await startPeer({ listUsage: ({ query }) => pages[query.cursor === 'next' ? 1 : 0] })
  const { stdout } = await sluice(['usage'], { url: peer.url, variables: UTC })
  assert.deepEqual(
    cells(stdout).map((row) => row[0]),
    ['App', 'demo', 'old'],
  )
  assert.match(stdout, /\$1\.50 +team=voice$/m)
  const { stdout: json } = await sluice(['usage', '--json'], { url: peer.url, variables: UTC })
  assert.deepEqual(JSON.parse(json), { ...EXTENT, items: pages.flatMap(({ items }) => items) })
})
