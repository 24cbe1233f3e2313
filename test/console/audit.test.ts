import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { OneApp } from '../e2e/one-app.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console, expectAccessible } from './console.ts'

const APP = 'podcast-search'
const REASON = 'slow <b>since</b> the new index'

let one: OneApp
let console: Console

describe('the audit', { skip: WITHOUT_CHROMIUM }, () => {
  before(async () => {
    one = await OneApp.start()
    console = await Console.open(one.installation)
  })
  after(async () => {
    await one[Symbol.asyncDispose]()
    await console[Symbol.asyncDispose]()
  })

  test('a change is there as it is made: who, what, when, by which client, before and after, and why', async () => {
    const page = await console.visit(`/apps/main/${APP}/audit`)
    await entry(page, 'version live v1').waitFor()
    const { name } = (await one.installation.api('GET', '/v1/me')).body
    await one.installation.run('app', 'rollover', APP, '--reason', REASON)
    const begun = entry(page, 'version begun v2')
    await begun.getByText(REASON).waitFor()
    await begun.getByText('rollover of v1').waitFor()
    await begun.getByRole('cell', { name: new RegExp(`^${name} sluice-cli/`) }).waitFor()
    await begun.getByText(/ago$|^now$/).waitFor()
    await entry(page, 'version live v2').getByRole('cell', { name: 'v1 became v2' }).waitFor()
    await expectAccessible(page)
  })

  test('of an environment it has changes of no app, too, and can be held to one app, as its address is', async () => {
    const page = await console.visit('/audit/main', {
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
    })
    await entry(page, 'token created').waitFor()
    await expectAccessible(page)
    await page.getByRole('combobox', { name: 'App' }).fill(APP)
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/audit/main?app=${APP}`)
    await entry(page, 'version live v1').waitFor()
    assert.equal(await entry(page, 'token created').count(), 0)
    await page.goBack()
    await entry(page, 'token created').waitFor()
    await page.getByRole('combobox', { name: 'App' }).fill('podcast-serch')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByRole('alert').getByText(`Did you mean "${APP}"?`).waitFor()
  })

  test('a long one comes in pages, newest first', async () => {
    for (let run = 0; run < 51; run++)
      await one.installation.api('PATCH', `/v1/apps/${APP}/functions/greet/autoscaler`, {
        maxContainers: 1 + (run % 9),
        reason: `change ${run}`,
      })
    const page = await console.visit(`/audit/main?app=${APP}`)
    await page.getByText('change 50', { exact: true }).waitFor()
    assert.equal(await entry(page, /./).count(), 50)
    assert.equal(await entry(page, 'version begun v1').count(), 0)
    await page.getByRole('button', { name: 'Show older entries' }).click()
    await entry(page, 'version begun v1').waitFor()
  })
})

const entry = (page: Page, name: string | RegExp) =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) })
