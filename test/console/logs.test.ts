import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { until } from '../e2e/reached.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { expectAccessible } from './console.ts'
import { ShownApp } from './shown-app.ts'

const SOURCE = `
import { App } from 'sluice'
const app = new App('shop')
export const say = app.function({ minContainers: 1 }, (text: string) => console.log(text))
export const warn = app.function({ minContainers: 1 }, (text: string) => console.error(text))
export const count = app.function({ minContainers: 1 }, (word: string, to: number) => {
  for (let i = 1; i <= to; i++) console.log(word, i)
})
export default app
`
const LOGS = '/apps/main/shop/logs'
const MOST_KEPT = 20_000
/** Rows in sight, and some before and after them. */
const MOST_ROWS = 100

let shop: ShownApp
before(async () => {
  if (!WITHOUT_CHROMIUM) shop = await ShownApp.deploy(SOURCE)
})
after(() => shop?.[Symbol.asyncDispose]())

const call = async (name: string, ...args: unknown[]) => {
  const path = `/v1/apps/shop/functions/${name}/calls`
  const { body } = await shop.installation.api('POST', path, { args, wait: 25 })
  assert.equal(body.status, 'succeeded')
}
const isWritten = async (text: string) => {
  const path = `/v1/apps/shop/logs?search=${encodeURIComponent(text)}`
  return (await shop.installation.api('GET', path)).body !== undefined
}
const log = (page: Page) => page.getByRole('region', { name: 'Log of shop' })
const row = (page: Page, text: string | RegExp) => log(page).getByRole('listitem').filter({ hasText: text })
const following = (page: Page) => page.getByText('New lines appear as they are written.').waitFor()

test('lines appear as they are written', { skip: WITHOUT_CHROMIUM }, async () => {
  const page = await shop.console.visit(LOGS)
  await following(page)
  await call('say', 'good morning')
  await row(page, 'good morning').waitFor()
  await row(page, 'v1 is live').first().waitFor()
  await expectAccessible(page)
})

test('whoever reads further up is not moved by new lines, and jumps to them', {
  skip: WITHOUT_CHROMIUM,
}, async () => {
  const page = await shop.console.visit(`${LOGS}?function=count`)
  await following(page)
  await call('count', 'early', 200)
  await row(page, 'early 200').waitFor()
  await log(page).evaluate((box) => {
    box.scrollTop = 0
  })
  await row(page, 'early 1').first().waitFor()
  await call('count', 'late', 50)
  await page.getByRole('button', { name: 'Jump to the end · 50 new' }).click()
  await row(page, 'late 50').waitFor()
  await page.getByRole('button', { name: 'Jump to the end' }).waitFor({ state: 'detached' })
})

test('a line that is picked out stays in sight, whatever is written after it', {
  skip: WITHOUT_CHROMIUM,
}, async () => {
  const page = await shop.console.visit(`${LOGS}?function=count`)
  await following(page)
  await call('count', 'before', 100)
  await row(page, 'before 100').waitFor()
  await row(page, 'before 98').getByRole('link').click()
  await call('count', 'after', 50)
  await page.getByRole('button', { name: 'Jump to the end · 50 new' }).waitFor()
  await row(page, 'before 98').waitFor()
  await page.getByRole('button', { name: 'Jump to the end' }).click()
  await row(page, 'after 50').waitFor()
})

test('a log of any length is a few rows of the page, and the oldest lines are let go', {
  skip: WITHOUT_CHROMIUM,
}, async () => {
  const page = await shop.console.visit(`${LOGS}?function=count`)
  await following(page)
  await call('count', 'many', MOST_KEPT + 500)
  const last = row(page, `many ${MOST_KEPT + 500}`)
  await last.waitFor()
  assert.equal(await last.getAttribute('aria-setsize'), `${MOST_KEPT}`)
  assert.ok((await page.getByRole('listitem').count()) < MOST_ROWS)
  await page.getByText(`Only the last ${MOST_KEPT.toLocaleString('en')} lines are kept here.`).waitFor()
})

test('a line is text, whatever is in it', { skip: WITHOUT_CHROMIUM }, async () => {
  const hostile =
    '<img src=x onerror="document.title=1"><b>bold</b> \u0007\u001b[2J \u001b[31mred\u001b[0m \u202egnp'
  const page = await shop.console.visit(LOGS)
  await following(page)
  await call('say', hostile)
  const text = '<img src=x onerror="document.title=1"><b>bold</b> \\x07\\x1b[2J red \\u202egnp'
  await row(page, text).waitFor()
  assert.equal(await log(page).locator('img, b, script').count(), 0)
  await page.goto(`${shop.installation.url}${LOGS}?search=${encodeURIComponent('<b>bold</b>')}`)
  assert.equal(await log(page).locator('mark').first().textContent(), '<b>bold</b>')
})

test('the address of a line leads anybody to it, amid what was written around it', {
  skip: WITHOUT_CHROMIUM,
}, async () => {
  const page = await shop.console.visit(`${LOGS}?search=order`)
  await following(page)
  await call('say', 'before the order')
  await call('say', 'the order')
  await row(page, 'the order').nth(1).getByRole('link').click()
  await page.getByRole('region', { name: 'The line that is picked out' }).getByText('the order').waitFor()
  const address = new URL(page.url())
  address.searchParams.delete('search')
  await call('count', 'since', 1_500)
  await until('all of it to be written', () => isWritten('since 1500'))

  const other = await shop.console.visit(address.pathname + address.search)
  const chosen = log(other).locator('[aria-current="true"]')
  await chosen.waitFor()
  assert.match((await chosen.textContent()) ?? '', /the order$/)
  await row(other, 'before the order').waitFor()
  await row(other, 'since 3').first().waitFor()
  await expectAccessible(other)
  await other.getByRole('button', { name: 'Show older lines' }).click()
  await row(other, 'before the order').waitFor()
  await other.getByRole('button', { name: 'Show newer lines' }).click()
  await other.getByRole('button', { name: 'Jump to the end' }).click()
  await row(other, /^.*since 9\d\d$/)
    .first()
    .waitFor()
  await other.getByRole('link', { name: 'Follow new lines' }).click()
  await row(other, 'since 1500').waitFor()
})

test('whoever jumps to the end goes along with what comes, before the browser has told of the scroll', {
  skip: WITHOUT_CHROMIUM,
}, async () => {
  const page = await shop.console.visit(`${LOGS}?function=count`)
  await following(page)
  await call('count', 'picked', 100)
  await row(page, 'picked 100').waitFor()
  await row(page, 'picked 98').getByRole('link').click()
  await call('count', 'passed', 50)
  await page.getByRole('button', { name: 'Jump to the end · 50 new' }).waitFor()
  await page.evaluate("addEventListener('scroll', (event) => event.stopImmediatePropagation(), true)")
  await page.getByRole('button', { name: 'Jump to the end' }).click()
  await row(page, 'passed 50').waitFor()
  await call('count', 'coming', 50)
  await row(page, 'coming 50').waitFor()
})

test('filters are in the address, and the address has them chosen', { skip: WITHOUT_CHROMIUM }, async () => {
  const page = await shop.console.visit(LOGS)
  await call('warn', 'stock is low')
  await page.getByLabel('Source').selectOption('stderr')
  await row(page, 'stock is low').first().waitFor()
  assert.equal(new URL(page.url()).search, '?source=stderr')
  await page.getByLabel('Function').selectOption('say')
  await page.getByText('No line fits.').waitFor()
  await page.reload()
  assert.equal(await page.getByLabel('Function').inputValue(), 'say')
  await page.getByRole('link', { name: 'Show all lines' }).click()
  await row(page, 'stock is low').first().waitFor()
})

test('what is typed while the address takes up what was typed before is not lost', {
  skip: WITHOUT_CHROMIUM,
}, async () => {
  const page = await shop.console.visit(LOGS)
  // One more letter is typed at the moment in which the address changes.
  await page.getByLabel('Text').evaluate((field) => {
    const { defaultView: window } = field.ownerDocument
    const typeOn = () => {
      field.value += 'n'
      field.dispatchEvent(new window.InputEvent('input', { bubbles: true }))
    }
    window.addEventListener('replaceState', typeOn, { once: true })
  })
  await page.getByLabel('Text').fill('i')
  await page.waitForURL(/search=in$/)
  assert.equal(await page.getByLabel('Text').inputValue(), 'in')
})

test('a log goes on where it was after the control plane was away', { skip: WITHOUT_CHROMIUM }, async () => {
  const page = await shop.console.visit(`${LOGS}?function=say`)
  await following(page)
  await call('say', 'last words')
  await row(page, 'last words').waitFor()
  await shop.installation.kill()
  await page.getByText('The log is not answered at the moment').waitFor()
  await shop.installation.up()
  await call('say', 'first words')
  await row(page, 'first words').waitFor()
  assert.equal(await row(page, 'last words').count(), 1)
})
