import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { expectAccessible, textOf } from './console.ts'
import { ShownApp } from './shown-app.ts'

const SOURCE = `
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'sluice'
const app = new App('shop')
export const charge = app.function({ minContainers: 1, maxContainers: 1 }, async (amount: number) => {
  console.log('charging', amount)
  if (amount < 0) throw new RangeError('<b>negative</b>\\u202e amount')
  return { charged: amount }
})
export const order = app.function({ minContainers: 1 }, (amount: number) => charge.remote(amount))
export const wait = app.function({ minContainers: 1 }, async (gate: string) => {
  while (!existsSync(gate)) await sleep(20)
  return 'through'
})
export const trail = app.function({ minContainers: 1 }, async (gate: string) => {
  void wait.local(gate).then(() => console.log('one more thing'))
})
export const large = app.function(() => 'x'.repeat(1_000_000))
export default app
`
const CALLS = '/apps/main/shop/calls'
const PER_PAGE = 50
/** So often something changes while the next page is asked for. */
const BUSY = 4
const skip = WITHOUT_CHROMIUM

let shop: ShownApp
before(async () => {
  if (!skip) shop = await ShownApp.deploy(SOURCE)
})
after(() => shop?.[Symbol.asyncDispose]())

const call = async (name: string, args: unknown[], wait = 25) =>
  (await shop.installation.api('POST', `/v1/apps/shop/functions/${name}/calls`, { args, wait })).body
const rows = (page: Page) => page.getByRole('region', { name: 'Calls' }).locator('tbody').getByRole('row')
const begun = (page: Page) => page.getByRole('heading', { name: /running$/ }).waitFor()

test('a call’s page tells what went in, what came out, its log, and the calls that it made', {
  skip,
}, async () => {
  const { id } = await call('order', [7])
  const page = await shop.console.visit(`/calls/${id}`)
  await page.getByRole('heading', { name: 'Call of order succeeded' }).waitFor()
  assert.equal(new URL(page.url()).pathname, `${CALLS}/${id}`)
  assert.equal(await textOf(page.getByRole('region', { name: 'Argument' })), '7')
  assert.match(await textOf(page.getByRole('region', { name: 'Result' })), /"charged": 7/)
  await page.getByText(/Waited.*Ran/s).waitFor()
  await expectAccessible(page)

  const made = page.getByRole('region', { name: 'Calls that it made' })
  await made.getByRole('link', { name: /^ca-/ }).click()
  await page.getByRole('heading', { name: 'Call of charge succeeded' }).waitFor()
  await page.getByText('by shop.order').waitFor()
  await page.getByRole('region', { name: 'Log of the call' }).getByText('charging 7').waitFor()
  await page.getByRole('link', { name: id }).click()
  await page.getByRole('heading', { name: 'Call of order succeeded' }).waitFor()
})

test('the last words of a call that has just ended come by themselves', { skip }, async () => {
  const { id } = await call('trail', [shop.path('last')])
  const page = await shop.console.visit(`${CALLS}/${id}`)
  await page.getByText('It has written nothing.').waitFor()
  await shop.write('last')
  await page.getByRole('region', { name: 'Log of the call' }).getByText('one more thing').waitFor()
})

test('what a function throws is shown with the author’s stack, as the text that it is', {
  skip,
}, async () => {
  const { id } = await call('charge', [-1, '<i>\u202e'])
  const page = await shop.console.visit(`${CALLS}/${id}`, { colorScheme: 'dark' })
  const error = page.getByRole('region', { name: 'Error' })
  await page.getByRole('region', { name: 'Arguments' }).getByText('"<i>\\u202e"').waitFor()
  await error.waitFor()
  assert.match(await textOf(error), /^RangeError: <b>negative<\/b>\\u202e amount\n +at .*app\.ts:\d+:\d+/)
  await expectAccessible(page)
})

test('the page of a call that runs changes as it ends', { skip }, async () => {
  const gate = shop.path('gate')
  const { id } = await call('wait', [gate], 0)
  const page = await shop.console.visit(`${CALLS}/${id}`)
  await begun(page)
  await shop.write('gate')
  await page.getByRole('region', { name: 'Result' }).getByText('through').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Cancel call' }).count(), 0)
})

test('a call that runs is cancelled from its page, by whoever means it', { skip }, async () => {
  const { id } = await call('wait', [shop.path('no-gate')], 0)
  const page = await shop.console.visit(`${CALLS}/${id}`)
  await begun(page)
  await page.getByRole('button', { name: 'Cancel call' }).click()
  const dialog = page.getByRole('dialog', { name: 'Cancel this call' })
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Let it run' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Cancel call' }).click()
  await dialog.getByRole('button', { name: 'Cancel call' }).click()
  await page.getByRole('heading', { name: 'Call of wait cancelled' }).waitFor()
})

test('a large result is a link, and whoever follows it gets all of it', { skip }, async () => {
  const { id } = await call('large', [])
  const page = await shop.console.visit(`${CALLS}/${id}`)
  const href = await page.getByRole('link', { name: 'Open it' }).getAttribute('href')
  const result = (await (await fetch(href ?? '')).json()) as string
  assert.equal(result.length, 1_000_000)
})

test('calls are listed in pages, new ones come by themselves, and filters are part of the address', {
  skip,
}, async () => {
  for (let amount = 1; amount <= PER_PAGE; amount++) await call('charge', [amount])
  const page = await shop.console.visit(`${CALLS}?function=charge`)
  await rows(page).first().waitFor()
  assert.equal(await rows(page).count(), PER_PAGE)
  await page.getByRole('button', { name: 'Show older calls' }).click()
  await rows(page).nth(PER_PAGE).waitFor()
  await page.getByLabel('Status').selectOption('failed')
  await page.getByText('failed', { exact: true }).last().waitFor()
  await rows(page).nth(1).waitFor({ state: 'detached' })
  assert.equal(new URL(page.url()).search, '?function=charge&status=failed')
  await call('charge', [-2])
  await rows(page).nth(1).waitFor()
  await expectAccessible(page)
  await page.getByLabel('Function').selectOption('order')
  await page.getByText('No call is like that.').waitFor()
  await page.goBack()
  await rows(page).nth(1).waitFor()
})

test('older calls are added, however often new ones come meanwhile', { skip }, async () => {
  const page = await shop.console.visit(`${CALLS}?function=charge`)
  let held = 0
  await page.route(/\/calls\?.*cursor=/, async (route) => {
    if (held++ < BUSY) {
      const lookedAgain = page.waitForRequest(/\/v1\/apps\/shop\?/)
      await Promise.all([lookedAgain, call('charge', [held])])
    }
    // One that was called off is nobody's any more.
    await route.continue().catch(() => undefined)
  })
  await page.getByRole('button', { name: 'Show older calls' }).click()
  await rows(page).nth(PER_PAGE).waitFor()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('containers are listed, and stopped gracefully or at once', { skip }, async () => {
  const page = await shop.console.visit('/apps/main/shop/containers?function=charge')
  const containers = page.getByRole('region', { name: 'Containers' })
  const id = await textOf(containers.getByRole('rowheader').first())
  await expectAccessible(page)
  await page.getByRole('button', { name: `Stop ${id}` }).click()
  const dialog = page.getByRole('dialog', { name: 'Stop this container' })
  await dialog.getByRole('radio', { name: /^Gracefully/ }).check()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Stop container' }).click()
  await dialog.waitFor({ state: 'detached' })
  await containers.getByRole('row').filter({ hasText: id }).waitFor({ state: 'detached' })
  await page.getByLabel('With those that stopped').check()
  const stopped = containers.getByRole('row').filter({ hasText: id })
  await stopped.getByText('stopped by').waitFor()
  assert.match(page.url(), /all=true/)
})

test('on a phone each call is a card, with all that is known of it', { skip }, async () => {
  await call('charge', [3])
  const page = await shop.console.visit(CALLS, { viewport: { width: 390, height: 844 } })
  await rows(page).first().waitFor()
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390)
  await expectAccessible(page)
})
