import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { Installation } from '../e2e/installation.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console } from './console.ts'
import { BAIT, BAIT_TEXT, deployHostile, HOSTILE } from './hostile-app.ts'
import { type Subject, Traffic, VIEW_NAMES, VIEWS, type ViewName } from './views.ts'

const skip = WITHOUT_CHROMIUM
/** Where something of what was chosen freely is there to be seen. */
const SHOWS: ReadonlySet<ViewName> = new Set(['app', 'call', 'logs', 'schedules', 'audit', 'audits'])
const PHONE = { viewport: { width: 390, height: 844 } }
/** What would be there had any of it been taken for markup. */
const BITTEN =
  '[onerror], [onmouseover], img[src="x"], main script, [href^="javascript:"], [src^="javascript:"]'

let installation: Installation
let subjects: Subject[]
before(async () => {
  if (skip) return
  installation = await Installation.start()
  subjects = await deployHostile(installation)
})
after(() => installation?.[Symbol.asyncDispose]())

for (const name of VIEW_NAMES)
  test(`whatever people, commits and code say, the view ${name} shows it as text`, { skip }, async () => {
    await using console = await Console.open(installation)
    const page = await console.visit('/sign-in', PHONE)
    for (const subject of subjects) {
      await arriveAt(page, VIEWS[name](subject))
      if (SHOWS.has(name)) await page.locator('main', { hasText: BAIT_TEXT }).waitFor()
      await expectUnharmed(page)
    }
  })

test('what a function answers to whoever tries it is text', { skip }, async () => {
  await using console = await Console.open(installation)
  const page = await console.visit('/sign-in')
  await arriveAt(page, VIEWS.function({ app: HOSTILE, function: 'fail', call: '' }))
  await page.getByLabel('Arguments').fill(JSON.stringify([BAIT]))
  await page.getByRole('button', { name: 'Call fail' }).click()
  await page.getByRole('region', { name: 'Outcome' }).getByText(BAIT_TEXT).first().waitFor()
  await expectUnharmed(page)
})

test('an address that somebody made up is taken for no markup, and leads nowhere else', {
  skip,
}, async () => {
  await using console = await Console.open(installation)
  const bait = encodeURIComponent(BAIT_TEXT)
  for (const path of [
    `/apps/main/${HOSTILE}/logs?search=${bait}&function=${bait}&call=${bait}`,
    `/apps/main/${bait}`,
    `/apps/${bait}`,
    `/${bait}`,
    '/sign-in?to=https://elsewhere.example/#code=none&to=https://elsewhere.example/',
    '/sign-in#code=none&to=//elsewhere.example/',
    '/sign-in#code=none&to=javascript:globalThis.bitten=6',
  ]) {
    const page = await console.visit('/sign-in')
    await arriveAt(page, path)
    await expectUnharmed(page)
    assert.equal(new URL(page.url()).origin, installation.url, path)
  }
})

test('an address that cannot be read shows no empty page, and is not what the console begins with from then on', {
  skip,
}, async () => {
  await using console = await Console.open(installation)
  const page = await console.visit('/')
  for (const path of ['/apps/%zz', '/apps/%25zz', '/apps/zz%2525', '/usage/a%2Fb']) {
    await page.goto(installation.url + path)
    await page.getByRole('button', { name: /^Account/ }).waitFor()
    await page.goto(installation.url)
    await page.getByRole('heading', { name: 'Apps' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/apps/main', path)
  }
})

async function arriveAt(page: Page, path: string): Promise<void> {
  const traffic = new Traffic(page)
  await page.goto(installation.url + path)
  await traffic.settled(page)
  assert.deepEqual(
    traffic.urls.filter((url) => new URL(url).origin !== installation.url),
    [],
  )
}

async function expectUnharmed(page: Page): Promise<void> {
  assert.equal(await page.evaluate('globalThis.bitten'), undefined)
  assert.equal(await page.locator(BITTEN).count(), 0)
  const wide: number = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  assert.ok(wide <= 0, `${new URL(page.url()).pathname} is ${wide} pixels wider than the window`)
}
