import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { heartbeat } from '../../control/runtime.ts'
import { noUsage, SLOT_MS, slotOf } from '../../protocol/usage.ts'
import type { UsageReport } from '../../protocol/usage-report.ts'
import { deployApp } from './apps.ts'
import { refuse, send } from './client.ts'
import { type Installation, install } from './installation.ts'

const KEY = { env: 'main', app: 'shop' }
const HOUR_MS = 3_600_000
const params = { app: KEY.app }

let installation: Installation
let token = ''
beforeEach(async () => {
  installation = await install()
  await deployApp(installation, KEY.app)
  token = await installation.container({})
})
afterEach(() => installation.close())

const report = (fields: Partial<UsageReport> = {}): UsageReport => ({
  ...noUsage(),
  sequence: 1,
  at: installation.ports.clock.now(),
  calls: 1,
  ...fields,
})

const beat = (stats: unknown) => ({ token, body: { running: [], requests: 0, stats } })

test('a report that comes twice is counted once, and answered both times', async () => {
  const first = report({ calls: 3, errors: 1, durations: { 40: 3 }, waits: { 0: 3 } })
  for (const stats of [first, first, report({ sequence: 2, timeouts: 1, errors: 1 }), first])
    await send(installation, 'heartbeat', beat(stats))
  const { total, items } = (await send(installation, 'getUsage', { params })).body
  assert.deepEqual([total.calls, total.errors, total.timeouts], [4, 2, 1])
  assert.deepEqual(
    items.map((line) => [line.function, line.calls]),
    [['work', 4]],
  )
  assert.ok(total.durationMs && total.durationMs.p50 > 50 && total.durationMs.p50 < 60)
})

test('a report is answered at once, since one that was not is sent again', { timeout: 10_000 }, async () => {
  const ports = { ...installation.ports, holdMs: HOUR_MS, heartbeatMs: HOUR_MS }
  const [container] = await ports.store.containers(KEY)
  const body = { running: [], requests: 0, draining: false, stats: report() }
  assert.equal((await heartbeat(ports, container?.id ?? '', body)).directive, 'work')
})

test('a container’s clock decides nothing: what it did was while it was there', async () => {
  const now = installation.ports.clock.now()
  await send(installation, 'heartbeat', beat(report({ at: now + HOUR_MS })))
  await send(installation, 'heartbeat', beat(report({ sequence: 2, at: 0 })))
  const range = { since: 0, until: now + 2 * HOUR_MS, by: 'slot' } as const
  const rows = await installation.ports.store.usage(KEY, range)
  assert.equal(
    rows.reduce((sum, { calls }) => sum + calls, 0),
    2,
  )
  for (const { at } of rows) assert.ok(at >= slotOf(now) && at <= slotOf(now) + SLOT_MS)
})

test('a report that no runner makes is refused, and changes nothing', async () => {
  const bad: unknown[] = [
    { ...report(), sequence: 0 },
    { ...report(), calls: -1 },
    { ...report(), calls: 0.5 },
    { ...report(), busyMs: SLOT_MS + 1 },
    { ...report(), durations: { fast: 1 } },
    { ...report(), durations: { 999: 1 } },
    { ...report(), durations: JSON.parse('{"__proto__":1}') },
    { ...report(), extra: 1 },
    'many',
  ]
  for (const stats of bad) assert.equal((await refuse(installation, 'heartbeat', beat(stats))).status, 400)
  assert.equal((await send(installation, 'getUsage', { params })).body.total.calls, 0)
})

test('usage that is asked for wrongly is refused, and the fault is named', async () => {
  const asked: [Record<string, string>, string][] = [
    [{ since: 'yesterday' }, 'since'],
    [{ step: '2h' }, 'step'],
    [{ by: 'color' }, 'by'],
    [{ version: '0' }, 'version'],
    [{ function: 'no way' }, 'function'],
    [{ sort: 'cost' }, 'sort'],
    [{ since: '2000-01-01T00:00:00Z' }, 'since'],
    [{ since: '2999-01-01T00:00:00Z' }, 'since'],
  ]
  for (const [query, path] of asked) {
    const { status, errors } = await refuse(installation, 'getUsage', { params, query })
    assert.deepEqual([status, errors.length, errors[0]?.path.includes(path)], [400, 1, true], path)
  }
  assert.equal((await refuse(installation, 'getUsage', { params: { app: 'shap' } })).code, 'app_not_found')
})

test('an environment is told app by app, in pages', async () => {
  await deployApp(installation, 'other')
  const first = (await send(installation, 'listUsage', { query: { limit: 1 } })).body
  const query = { limit: 1, cursor: first.cursor ?? '' }
  const second = (await send(installation, 'listUsage', { query })).body
  assert.deepEqual([...first.items, ...second.items].map(({ app }) => app).sort(), ['other', 'shop'])
  assert.equal(second.cursor, undefined)
})
