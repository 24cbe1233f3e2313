import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console, expectAccessible } from './console.ts'
import { ShownApp } from './shown-app.ts'

const SOURCE = `
import { App, Cron } from 'sluice'
const app = new App('shop')
export const refresh = app.function({ schedule: Cron('0 6 1 1 *', { timezone: 'Europe/Paris' }) }, () => 'fresh')
export const plain = app.function(() => 1)
export default app
`
const SCHEDULES = '/apps/main/shop/schedules'

let shop: ShownApp
before(async () => {
  if (!WITHOUT_CHROMIUM) shop = await ShownApp.deploy(SOURCE)
})
after(() => shop?.[Symbol.asyncDispose]())

const schedule = (page: Page) => page.getByRole('region', { name: 'refresh', exact: true })
const firings = (page: Page) => schedule(page).getByRole('list', { name: 'Firings of refresh' })
const act = async (page: Page, name: string, reason: string) => {
  await schedule(page).getByRole('button', { name }).click()
  const dialog = page.getByRole('dialog', { name: `${name}: refresh` })
  await dialog.getByLabel('Reason').fill(reason)
  await expectAccessible(page)
  await dialog.getByRole('button', { name, exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}

test('a schedule is run now, and its firing leads to the call', { skip: WITHOUT_CHROMIUM }, async () => {
  const page = await shop.console.visit(SCHEDULES)
  await schedule(page).getByText('0 6 1 1 * Europe/Paris').waitFor()
  assert.equal(
    await firings(page)
      .getByRole('img', { name: /: to come$/ })
      .count(),
    5,
  )
  await expectAccessible(page)
  await act(page, 'Run now', 'new episodes')
  const firing = firings(page).getByRole('link', { name: /: run by hand, succeeded: new episodes$/ })
  await firing.waitFor()
  await expectAccessible(page)
  const [{ call, by, reason }] = (await shop.installation.json('schedule', 'list', 'shop')).items[0].last
  assert.deepEqual([by === '', reason], [false, 'new episodes'])
  await firing.click()
  await page.waitForURL(`**/apps/main/shop/calls/${call.id}`)
})

test('a schedule is paused and resumed, as whoever looks on sees', { skip: WITHOUT_CHROMIUM }, async () => {
  const [page, other] = [await shop.console.visit(SCHEDULES), await shop.console.visit(SCHEDULES)]
  await schedule(other).getByRole('button', { name: 'Pause' }).waitFor()
  await act(page, 'Pause', 'the archive is moving')
  await schedule(other)
    .getByText(/^Paused by .*: the archive is moving$/)
    .waitFor()
  assert.ok((await shop.installation.json('schedule', 'list', 'shop')).items[0].paused)
  await act(other, 'Resume', '')
  await schedule(page).getByRole('button', { name: 'Pause' }).waitFor()
  assert.equal((await shop.installation.json('schedule', 'list', 'shop')).items[0].paused, undefined)
})

test('who may only look is offered nothing else', { skip: WITHOUT_CHROMIUM }, async () => {
  const { token } = await shop.installation.json('token', 'create', 'viewer', '--role', 'viewer')
  await using viewer = await Console.open({ url: shop.installation.url, token })
  const page = await viewer.visit('/')
  const known = page.waitForResponse(/\/v1\/me$/)
  await page.goto(shop.installation.url + SCHEDULES)
  await known
  await schedule(page).getByText('Runs next').waitFor()
  assert.equal(await schedule(page).getByRole('button').count(), 0)
})
