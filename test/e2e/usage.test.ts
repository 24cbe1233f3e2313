import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { UsageFigures, UsageLineView, UsageView } from '../../protocol/usage-view.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'

const source = (mark: string) => `
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('metered', { tags: { team: 'billing' } })

export const echo = app.function({ concurrency: 4 }, async (value: unknown) => value)

export const explode = app.function({ retries: { max: 1, initialDelay: 0 } }, async () => {
  throw new Error('boom ${mark}')
})

export const nap = app.function({ timeout: 1 }, async () => sleep(60_000))

export const site = app.web((request) => {
  if (new URL(request.url).pathname === '/broken') throw new Error('no such luck')
  return new Response('${mark}')
})

export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': source('one') })
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('an app’s usage is there while it runs', async () => {
  await installation.run('deploy', folder.entry)
  for (const value of [1, 2, 3, 4, 5]) await installation.run('call', 'metered.echo', String(value))
  await until('the calls to be reported', async () => lineOf(await usage(), 'echo')?.calls === 5)
  const echo = lineOf(await usage(), 'echo') ?? assert.fail()
  assert.equal(echo.errors, 0)
  assertQuantiles(echo.durationMs)
  assertQuantiles(echo.queueMs)
  assert.equal(echo.coldStarts, 1)
  assert.ok(echo.containerSeconds.total > 0)
  const table = await installation.run('usage', 'metered')
  assert.match(table, /^Function +Calls .*Cost/)
  assert.match(table, /^echo +5 /m)
})

test('every call and request is counted once, over a redeploy and after a stop', async () => {
  await installation.cli('call', 'metered.explode')
  await installation.cli('call', 'metered.nap')
  for (const path of ['/', '/', '/', '/broken']) await installation.web('metered-site', path)
  await folder.write('app.ts', source('two'))
  await installation.run('deploy', folder.entry)
  await installation.run('call', 'metered.echo', '6')
  await installation.run('app', 'stop', 'metered')
  // The last word of a container is what it did.
  await until('its containers to be gone', async () => {
    return (await installation.json('app', 'describe', 'metered')).state === 'stopped'
  })

  const counted = await usage()
  assert.deepEqual(
    counted.items.map(({ function: name, calls, errors, timeouts, requests, serverErrors }) => [
      name,
      ...[calls, errors, timeouts, requests, serverErrors],
    ]),
    [
      ['echo', 6, 0, 0, 0, 0],
      // Each attempt counts.
      ['explode', 2, 2, 0, 0, 0],
      ['nap', 1, 1, 1, 0, 0],
      ['site', 0, 0, 0, 4, 1],
    ],
  )
  assertAddsUp(counted.total)
  const versions = await usage('--by', 'version')
  assert.deepEqual(
    versions.items.map(({ version, calls, requests }) => [version, calls, requests]),
    [
      [2, 1, 0],
      [1, 8, 4],
    ],
  )
  for (const line of versions.items) assertAddsUp(line)
  const echo = await usage('--function', 'echo', '--by', 'version')
  assert.deepEqual(
    echo.items.map(({ version, calls }) => [version, calls]),
    [
      [2, 1],
      [1, 5],
    ],
  )
  assert.equal((await usage('--function', 'echo', '--version', '1')).total.calls, 5)
  const { draining } = versions.items[1]?.containerSeconds ?? assert.fail()
  assert.ok(draining > 0, 'the old containers were there for a while beside the new ones')
})

test('an environment’s usage has a line for each app, and none of another environment', async () => {
  const all = await installation.json('usage')
  assert.deepEqual(
    all.items.map(({ app, calls, requests }: UsageFigures & { app: string }) => [app, calls, requests]),
    [['metered', 9, 4]],
  )
  assert.match(await installation.run('usage'), /^metered +9 +4 .* team=billing$/m)
  const { body } = await installation.api('GET', '/v1/usage?env=staging')
  assert.ok(body.items === undefined || body.items.length === 0)
})

test('usage in parts of time adds up to the whole', async () => {
  const { items, total } = await usage('--step', '5m', '--since', '1h')
  assert.ok(items.every(({ at = '' }) => Date.parse(at) % 300_000 === 0))
  assert.equal(
    items.reduce((sum, { calls }) => sum + calls, 0),
    total.calls,
  )
})

test('what makes no sense is refused, and says what would', async () => {
  const refused: [string[], number, RegExp][] = [
    [['usage', 'meterd'], 1, /Did you mean "metered"/],
    [['usage', 'metered', '--since', 'yesterday'], 2, /Write how long ago/],
    [['usage', 'metered', '--since', '2h', '--until', '3h'], 1, /since must be before/],
    [['usage', 'metered', '--since', '500d'], 1, /400 days/],
    [['usage', 'metered', '--step', '5m', '--since', '100d'], 1, /35 days/],
    [['usage', 'metered', '--by', 'color'], 2, /function, version/],
    [['usage', '--by', 'version'], 2, /--by goes with an app/],
    [['usage', '--function', 'echo'], 2, /--function goes with an app/],
  ]
  for (const [words, expected, message] of refused) {
    const { code, stderr } = await installation.cli(...words)
    assert.deepEqual([code, words], [expected, words], stderr)
    assert.match(stderr, message)
  }
  const { status, body } = await installation.api('GET', '/v1/apps/metered/usage?per=function')
  assert.deepEqual([status, body.code], [400, 'invalid_request'])
})

const usage = (...options: string[]): Promise<UsageView> => installation.json('usage', 'metered', ...options)

const lineOf = ({ items }: UsageView, name: string): UsageLineView | undefined =>
  items.find((line) => line.function === name)

function assertQuantiles(quantiles: UsageFigures['durationMs']): void {
  const { p50, p95, p99 } = quantiles ?? assert.fail()
  assert.ok(p50 >= 0 && p50 <= p95 && p95 <= p99)
}

function assertAddsUp({ containerSeconds, cost }: UsageFigures): void {
  for (const { total, ...parts } of [containerSeconds, cost]) {
    const sum = Object.values(parts).reduce((all, part) => all + part, 0)
    assert.ok(total > 0 && Math.abs(sum / total - 1) < 0.01, `${sum} of ${total}`)
  }
}
