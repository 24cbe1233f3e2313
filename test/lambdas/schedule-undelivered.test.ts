import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { makeScheduleUndeliveredHandler } from '../../lambdas/handlers/schedule-undelivered.ts'
import { LocalWorklist } from '../../platforms/local/worklist.ts'
import type { Schedule } from '../../protocol/manifest.ts'
import { deployApp } from './apps.ts'
import { install } from './installation.ts'

const HOURLY: Schedule = { type: 'cron', expression: '0 * * * *', timezone: 'UTC' }
const NOW = Date.parse('2026-01-02T08:30:00Z')
const SHOP = { env: 'main', app: 'shop' }

const message = (id: string, body: unknown, code?: string) => ({
  messageId: id,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  messageAttributes: code ? { ERROR_CODE: { stringValue: code, dataType: 'String' } } : {},
})
const word = (slot: string) => ({ ...SHOP, function: 'refresh', schedule: HOURLY, slot })

async function scene(t: TestContext) {
  const installation = await install()
  t.after(() => installation.close())
  const { ports } = installation
  await deployApp(installation, 'shop', { refresh: { kind: 'scheduled', schedule: HOURLY } })
  assert.ok(ports.worklist instanceof LocalWorklist)
  await ports.worklist.idle()
  const reports: unknown[] = []
  const handle = makeScheduleUndeliveredHandler({ ...ports, clock: { now: () => NOW } }, (failure) =>
    reports.push(failure),
  )
  const outcomes = async () =>
    (await ports.store.firings(SHOP, 'refresh', { since: 0, limit: 9 })).map(({ outcome, reason, call }) => [
      outcome,
      reason,
      call !== undefined,
    ])
  return { ports, handle, reports, outcomes }
}

test('of slots that were never delivered the latest is run late, and the others are told as missed', async (t) => {
  const { handle, outcomes } = await scene(t)
  const Records = [
    message('a', word('2026-01-02T07:00:00Z'), 'Throttled'),
    message('b', word('2026-01-02T08:00:00Z'), 'Throttled'),
  ]
  assert.deepEqual(await handle({ Records }), { batchItemFailures: [] })
  await handle({ Records })
  assert.deepEqual(await outcomes(), [
    ['late', 'EventBridge Scheduler could not deliver it: Throttled', true],
    ['missed', 'It came after the next one was due.', false],
  ])
})

test('a message that cannot be seen to comes again, one that means nothing is let go, and the others are done', async (t) => {
  const { ports, handle, reports, outcomes } = await scene(t)
  const { firing } = ports.store
  t.mock.method(ports.store, 'firing', async (...args: Parameters<typeof firing>) => {
    if (args[2] === Date.parse('2026-01-02T07:00:00Z')) throw new Error('the store is away')
    return firing(...args)
  })
  const Records = [
    message('a', 'no JSON'),
    message('b', word('2026-01-02T07:00:00Z')),
    message('c', word('2026-01-02T08:00:00Z')),
  ]
  assert.deepEqual(await handle({ Records }), { batchItemFailures: [{ itemIdentifier: 'b' }] })
  assert.equal(reports.length, 2)
  assert.deepEqual((await outcomes()).length, 1)
})
