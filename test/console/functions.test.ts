import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console, expectAccessible, textOf } from './console.ts'
import { ShownApp } from './shown-app.ts'

const SOURCE = `
import { App } from 'sluice'
const app = new App('shop')
export const greet = app.function({ minContainers: 1, env: { TONE: 'of-the-secret-kind' } }, async (name: string) => {
  console.log('greeting', name)
  if (name === '') throw new Error('Nobody to greet')
  return 'hello ' + name
})
export const site = app.web({ minContainers: 1 }, () => new Response('hi'))
export default app
`
const GREET = '/apps/main/shop/functions/greet'
const skip = WITHOUT_CHROMIUM

let shop: ShownApp
before(async () => {
  if (!skip) shop = await ShownApp.deploy(SOURCE)
})
after(() => shop?.[Symbol.asyncDispose]())

const setting = (page: Page, name: string) =>
  page.getByRole('term').filter({ hasText: name }).locator('xpath=following-sibling::dd')

test('a function’s page shows what its manifest says, and no value of a variable', { skip }, async () => {
  const page = await shop.console.visit(GREET)
  await page.getByRole('heading', { name: 'Configuration' }).waitFor()
  assert.equal(await textOf(setting(page, 'Variables')), 'TONE')
  assert.equal(await textOf(setting(page, 'At least')), '1 container')
  await page.getByRole('region', { name: 'Containers of greet' }).getByText('ready').waitFor()
  assert.doesNotMatch(await page.content(), /of-the-secret-kind/)
  await expectAccessible(page)
})

test('a function is tried: its result, its log and its error are shown, and the call is linked', {
  skip,
}, async () => {
  const page = await shop.console.visit(GREET)
  await page.getByLabel('Arguments').fill('["ada"]')
  await page.getByRole('button', { name: 'Call greet' }).click()
  await page.getByRole('region', { name: 'Result' }).getByText('"hello ada"').waitFor()
  const outcome = page.getByRole('region', { name: 'Outcome' })
  await outcome.getByText('greeting ada').waitFor()
  await outcome.getByText('New lines appear as they are written.').waitFor({ state: 'detached' })
  const id = await textOf(outcome.getByRole('link', { name: /^ca-/ }))
  await page.getByRole('region', { name: 'Recent calls of greet' }).getByRole('link', { name: id }).waitFor()
  await expectAccessible(page)
  await page.getByLabel('Arguments').fill('[""]')
  await page.getByRole('button', { name: 'Call greet' }).click()
  await page.getByRole('region', { name: 'Error' }).getByText('Nobody to greet').waitFor()
})

test('arguments that are no list in JSON are told of as they are typed, and not sent', { skip }, async () => {
  const page = await shop.console.visit(GREET)
  const field = page.getByLabel('Arguments')
  const button = page.getByRole('button', { name: 'Call greet' })
  for (const [text, told] of [
    ['["ada"', /This is not JSON/],
    ['{"name": "ada"}', /into a list/],
  ] as const) {
    await field.fill(text)
    await page.getByText(told).waitFor()
    assert.equal(await field.getAttribute('aria-invalid'), 'true')
    assert.ok(await button.isDisabled())
  }
  await field.fill('["ada"]')
  assert.ok(await button.isEnabled())
})

test('the scaling is changed by hand, and given back', { skip }, async () => {
  const page = await shop.console.visit(GREET)
  const dialog = page.getByRole('dialog', { name: 'Change the scaling of greet' })
  const change = page.getByRole('button', { name: 'Change scaling' }).first()
  const send = dialog.getByRole('button', { name: 'Change scaling' })

  await change.click()
  assert.ok(await send.isDisabled(), 'nothing is changed yet')
  await dialog.getByLabel('At most (containers)').fill('0')
  await send.click()
  await dialog
    .getByRole('alert')
    .getByText(/maxContainers/)
    .waitFor()
  await dialog.getByLabel('At most (containers)').fill('4')
  await dialog.getByLabel('Reason').fill('a busy day')
  await expectAccessible(page)
  await send.click()
  await dialog.waitFor({ state: 'detached' })
  await setting(page, 'At most').getByText('4 containers set by hand').waitFor()

  await change.click()
  await dialog.getByLabel('Give back: At most (containers)').check()
  await send.click()
  await dialog.waitFor({ state: 'detached' })
  await setting(page, 'At most').getByText('10 containers', { exact: true }).waitFor()
  const { body } = await shop.installation.api('GET', '/v1/audit?app=shop&limit=2')
  assert.deepEqual(
    body.items.map(({ action }: { action: string }) => action),
    ['autoscaler.changed', 'autoscaler.changed'],
  )
})

test('a web function is not called but visited', { skip }, async () => {
  const page = await shop.console.visit('/apps/main/shop/functions/site')
  await setting(page, 'Address').getByRole('link').waitFor()
  assert.equal(await page.getByRole('heading', { name: 'Try it' }).count(), 0)
  await page.goto(`${shop.installation.url}/apps/main/shop/functions/gone`)
  await page.getByText('has a function gone').waitFor()
})

test('whoever may only look is offered nothing else', { skip }, async () => {
  const { token } = await shop.installation.json('token', 'create', 'onlooker', '--role', 'viewer')
  await using onlooker = await Console.open({ url: shop.installation.url, token })
  const page = await onlooker.visit(GREET)
  const containers = page.getByRole('region', { name: 'Containers of greet' })
  await containers.getByText('ready').waitFor()
  for (const name of [/^Call greet/, /^Stop/, /^Change/])
    assert.equal(await page.getByRole('button', { name }).count(), 0, String(name))
})
