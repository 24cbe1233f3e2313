import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import { until } from '../e2e/reached.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console, expectAccessible } from './console.ts'

const SOURCE = `
import { App } from 'sluice'
const app = new App('metered')
export const echo = app.function({}, async (value: unknown) => value)
export const explode = app.function({ retries: 0 }, async () => { throw new Error('boom') })
export default app
`
const USAGE = '/apps/main/metered/usage'
/** From the right edge of a chart of 30 days. */
const INTO_TODAY = 24

let installation: Installation
before(async () => {
  if (WITHOUT_CHROMIUM) return
  installation = await Installation.start()
  await using folder = await AppFolder.create({ 'app.ts': SOURCE })
  await installation.run('deploy', folder.entry)
  for (const value of ['1', '2', '3']) await installation.run('call', 'metered.echo', value)
  await installation.run('app', 'rollover', 'metered')
  await installation.run('call', 'metered.echo', '4')
  await installation.cli('call', 'metered.explode')
  await until('the calls to be reported', async () => {
    const { total } = await installation.json('usage', 'metered')
    return total.calls === 5
  })
})
after(() => installation?.[Symbol.asyncDispose]())

/** The cells of a table's rows, its heading first. */
async function rowsOf(page: Page, name: string): Promise<string[][]> {
  const table = page.getByRole('table', { name })
  await table.waitFor()
  const rows = await table.getByRole('row').all()
  return Promise.all(rows.map((row) => row.locator('th, td').allTextContents()))
}

/** Under the headings of the table. */
async function column(page: Page, name: string, heading: string): Promise<(string | undefined)[]> {
  const [headings = [], ...rows] = await rowsOf(page, name)
  const index = headings.indexOf(heading)
  assert.ok(index >= 0, `${heading} is none of ${headings}`)
  return rows.map((row) => row[index])
}

test('an app’s usage is told by function, and by version where that is chosen', {
  skip: WITHOUT_CHROMIUM,
}, async () => {
  await using console = await Console.open(installation)
  const page = await console.visit(USAGE)
  assert.deepEqual(await column(page, 'Usage by function', 'Function'), ['echo', 'explode'])
  assert.deepEqual(await column(page, 'Usage by function', 'Calls'), ['4', '1'])
  assert.deepEqual(await column(page, 'Usage by function', 'Errors'), ['', '1'])
  await page.getByRole('link', { name: 'By version' }).click()
  assert.deepEqual(await column(page, 'Usage by version', 'Version'), ['v2', 'v1'])
  assert.deepEqual(await column(page, 'Usage by version', 'Calls'), ['2', '3'])
  assert.equal(new URL(page.url()).searchParams.get('by'), 'version')
})

test('what is chosen is in the address, and taken from there', { skip: WITHOUT_CHROMIUM }, async () => {
  await using console = await Console.open(installation)
  const page = await console.visit(`${USAGE}?range=1h&by=version&of=time`)
  await page.getByRole('img', { name: /^Container time by version: v2 up to .*, v1 up to/ }).waitFor()
  assert.equal(await page.getByRole('link', { name: '1h', exact: true }).getAttribute('aria-current'), 'true')
  await page.goto(`${installation.url}${USAGE}?range=forever&by=colour`)
  await page.getByRole('img', { name: /^Cost by function: / }).waitFor()
  assert.equal(await page.getByRole('link', { name: '24h' }).getAttribute('aria-current'), 'true')
})

test('what the charts show is there as a table, opened by keyboard', { skip: WITHOUT_CHROMIUM }, async () => {
  await using console = await Console.open(installation)
  const page = await console.visit(`${USAGE}?range=1h&by=version`)
  await page.getByText('Show as a table').focus()
  await page.keyboard.press('Enter')
  const name = 'Usage by time and version'
  const calls = await column(page, name, 'Calls and requests')
  assert.equal(
    calls.reduce((sum, text) => sum + Number(text), 0),
    5,
  )
})

test('axe finds nothing in usage, light or dark, wide or narrow', { skip: WITHOUT_CHROMIUM }, async () => {
  await using console = await Console.open(installation)
  for (const options of [
    { colorScheme: 'light' },
    { colorScheme: 'dark', viewport: { width: 390, height: 800 } },
  ] as const) {
    const page = await console.visit(USAGE, options)
    await page.getByText('Show as a table').click()
    await page.getByRole('table', { name: 'Usage by time and function' }).waitFor()
    await expectAccessible(page)
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'it fits the screen')
  }
})

test('a function’s page draws what it did by version, and when each went live', {
  skip: WITHOUT_CHROMIUM,
}, async () => {
  await using console = await Console.open(installation)
  const page = await console.visit('/apps/main/metered/functions/echo')
  const drawn = /^Calls per minute: v2 up to [\d.]+, v1 up to [\d.]+\. v2 live since .*, v1 live since/
  await page.getByRole('img', { name: drawn }).waitFor()
  await page.getByRole('img', { name: /^Duration, p50 to p95: v2 up to .* m?s, v1 up to .* m?s/ }).waitFor()
  await page.getByText('None in this time.').waitFor()
  await page.getByText('Show as a table').click()
  const versions = await column(page, 'Activity by time and version', 'Version')
  assert.deepEqual([...new Set(versions)], ['v2', 'v1'])
  await expectAccessible(page)
})

test('what is pointed at in a chart is told', { skip: WITHOUT_CHROMIUM }, async () => {
  await using console = await Console.open(installation)
  const page = await console.visit('/apps/main/metered/functions/explode')
  await page.getByRole('link', { name: '30d' }).click()
  const chart = page.getByRole('img', { name: /^Errors: v2 up to 1/ })
  const tooltip = page.locator('.tooltip', { hasText: /v2\s*1$/ })
  // The chart of these days may take the place of that of the hours only after it was pointed at.
  await until('it to be told', async () => {
    const { width = 0, height = 0 } = (await chart.boundingBox()) ?? {}
    await chart.hover({ position: { x: width - INTO_TODAY, y: height / 2 } })
    return tooltip.isVisible()
  })
})
