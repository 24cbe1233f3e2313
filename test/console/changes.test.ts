import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { ShownApp } from './shown-app.ts'

const source = (greeting: string) => `
import { App } from 'sluice'
const app = new App('shop')
export const greet = app.function(() => '${greeting}')
export default app
`

let shop: ShownApp
before(async () => {
  if (!WITHOUT_CHROMIUM) shop = await ShownApp.deploy(source('hello'))
})
after(() => shop?.[Symbol.asyncDispose]())

test('a deploy in the terminal changes the page, also after the control plane was away', {
  skip: WITHOUT_CHROMIUM,
}, async () => {
  const page = await shop.console.visit('/apps/main/shop')
  let loads = 0
  page.on('load', () => loads++)
  await page.getByRole('link', { name: 'v1' }).first().waitFor()
  await shop.redeploy(source('good day'))
  await page.getByRole('link', { name: 'v2' }).first().waitFor()
  await shop.installation.kill()
  await page.getByText('The control plane does not answer').first().waitFor()
  await shop.installation.up()
  await shop.redeploy(source('good evening'))
  await page.getByRole('link', { name: 'v3' }).first().waitFor()
  await page.getByText('The control plane does not answer').first().waitFor({ state: 'detached' })
  assert.equal(loads, 0)
})

test('one stream tells of all changes', {
  skip: WITHOUT_CHROMIUM,
}, async () => {
  const page = await shop.console.visit('/')
  const streamed = page.waitForResponse(/\/v1\/changes/)
  await page.goto(`${shop.installation.url}/apps/main/shop`)
  await streamed
  const asked: string[] = []
  await page.getByRole('link', { name: 'v3' }).first().waitFor()
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await shop.redeploy(source('good night'))
  await page.getByRole('link', { name: 'v4' }).first().waitFor()
  assert.equal(asked.includes('/v1/changes'), false, 'the stream goes on')
})
