import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { type Visit, WebLoad } from '../e2e/web-load.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console, expectAccessible } from './console.ts'
import { DeployedApp } from './deployed-app.ts'

describe('what is done to an app from its page', { skip: WITHOUT_CHROMIUM }, () => {
  let app: DeployedApp
  let page: Page
  before(async () => {
    app = await DeployedApp.deploy('first')
    await app.redeploy('second')
    page = await app.console.visit(DeployedApp.path)
  })
  after(() => app[Symbol.asyncDispose]())

  const inHistory = (version: number): Locator =>
    page.getByRole('listitem', { name: `v${version}`, exact: true })
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true })

  test('a rollback from a row of the history says what it changes, and fails no request under load', async () => {
    await using load = new WebLoad(app.installation, DeployedApp.label, [visit])
    load.begin({ keptAlive: 4, fresh: 2 })
    await button('Roll back to v1').click()
    const dialog = page.getByRole('dialog', { name: 'Roll parcels back to v1' })
    await dialog.getByText('sort env.MARK').waitFor()
    await dialog.getByText(/2 containers are replaced/).waitFor()
    await expectAccessible(page)
    await dialog.getByLabel('Reason').fill('the second was worse')
    await dialog.getByRole('button', { name: 'Roll back' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await inHistory(3).getByText('live', { exact: true }).waitFor()
    await load.end()

    await inHistory(3).getByText('rolled back to v1').waitFor()
    await inHistory(3).getByText('the second was worse').waitFor()
    await inHistory(2).getByText('superseded').waitFor()
    assert.deepEqual(
      load.visited.filter(({ fault }) => fault !== undefined),
      [],
    )
    assert.ok(load.visited.some(({ version }) => version === 2))
    const { body } = await app.installation.api('GET', '/v1/apps/parcels/versions/3')
    assert.deepEqual([body.client, body.reason, body.fromVersion], ['console', 'the second was worse', 1])
  })

  test('a row of the history tells what its version changed', async () => {
    await button('What changed in v3').click()
    const difference = inHistory(3).getByRole('region', { name: 'From v2 to v3' })
    await difference.getByText('sort env.MARK').waitFor()
    assert.match((await difference.textContent()) ?? '', /second → first/)
  })

  test('Escape closes a dialog, and nothing is done', async () => {
    await button('Roll over').click()
    const dialog = page.getByRole('dialog', { name: 'Roll parcels over' })
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    const { body } = await app.installation.api('GET', '/v1/apps/parcels')
    assert.equal(body.lastRollout.version, 3)
    assert.equal(await page.evaluate(`document.activeElement.textContent`), 'Roll over')
  })

  test('a rollover brings the live version again in fresh containers', async () => {
    await button('Roll over').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Roll over' }).click()
    await inHistory(4).getByText('rolled over from v3').waitFor()
    await inHistory(4).getByText('live', { exact: true }).waitFor()
  })

  test('a staged version is promoted, or given up', async () => {
    await app.redeploy('third', '--staged')
    await app.redeploy('fourth', '--staged')
    await button('Give up v6').click()
    const givingUp = page.getByRole('dialog', { name: 'Give up v6 of parcels' })
    await givingUp.getByText('parcels-web--v6').waitFor()
    // The page hears of the change before it hears the answer.
    await page.route('**/unstage*', async (route) => {
      const response = await route.fetch()
      await button('Promote v6').waitFor({ state: 'hidden' })
      await route.fulfill({ response })
    })
    await givingUp.getByRole('button', { name: 'Give up' }).click()
    await page.getByText('v6 is staged no more.').waitFor()
    await button('Promote v5').click()
    const promoting = page.getByRole('dialog', { name: 'Promote v5 of parcels' })
    await promoting.getByText('sort env.MARK').waitFor()
    await promoting.getByRole('button', { name: 'Promote' }).click()
    await inHistory(7).getByText('promoted from v5').waitFor()
    await inHistory(7).getByText('live', { exact: true }).waitFor()
  })

  test('a stop says what goes and wants the name typed; a start that comes too early is refused in the API’s words', async () => {
    const call = await app.beginCall('until-stopped')
    await page.getByText('1 call in flight').waitFor()
    await button('Stop').click()
    const stopping = page.getByRole('dialog', { name: 'Stop parcels' })
    await stopping.getByText('3 containers and 1 URL', { exact: true }).waitFor()
    const stop = stopping.getByRole('button', { name: 'Stop the app' })
    assert.equal(await stop.isDisabled(), true)
    await stopping.getByLabel('Type parcels to confirm').fill('parcel')
    assert.equal(await stop.isDisabled(), true)
    await stopping.getByLabel('Type parcels to confirm').fill('parcels')
    await stop.click()
    await stopping.waitFor({ state: 'hidden' })
    assert.equal((await app.installation.web(DeployedApp.label)).status, 404)

    await button('Start').click()
    const starting = page.getByRole('dialog', { name: 'Start parcels' })
    await starting.getByRole('button', { name: 'Start' }).click()
    await starting
      .getByRole('alert')
      .getByText(/parcels is still stopping/)
      .waitFor()
    await starting.getByRole('button', { name: 'Cancel' }).click()
    await call.letGo()
    await page.getByRole('heading', { level: 1 }).getByText('stopped').waitFor()
  })

  test('a start brings back what was live last', async () => {
    await button('Start').click()
    const starting = page.getByRole('dialog', { name: 'Start parcels' })
    await starting.getByText('v7, which was live last,').waitFor()
    await starting.getByRole('button', { name: 'Start' }).click()
    await inHistory(8).getByText('started again from v7').waitFor()
    await inHistory(8).getByText('live', { exact: true }).waitFor()
    await page.getByRole('heading', { level: 1 }).getByText('deployed').waitFor()
    assert.equal((await app.installation.web(DeployedApp.label)).body, '8')
  })

  test('where the answer to an act is lost, it is said that it may have been done', async () => {
    await page.route('**/rollover*', async (route) => {
      await route.fetch()
      await route.abort()
    })
    await button('Roll over').click()
    const dialog = page.getByRole('dialog', { name: 'Roll parcels over' })
    await dialog.getByRole('button', { name: 'Roll over' }).click()
    await dialog
      .getByRole('alert')
      .getByText('The control plane does not answer. It may have done what was asked for')
      .waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await inHistory(9).getByText('rolled over from v8').waitFor()
    await inHistory(9).getByText('live', { exact: true }).waitFor()
  })

  test('whoever may only look is offered nothing to do', async () => {
    const { token } = await app.installation.json('token', 'create', 'vera', '--role', 'viewer')
    await using looking = await Console.open({ url: app.installation.url, token })
    const theirs = await looking.visit(DeployedApp.path)
    await theirs.getByRole('button', { name: 'What changed in v8' }).waitFor()
    const names = await theirs.getByRole('main').getByRole('button').allTextContents()
    assert.deepEqual([...new Set(names)], ['What changed'])
  })
})

const visit = (): Visit => ({
  path: `/?ms=${Math.floor(Math.random() * 100)}`,
  isRight: ({ headers, body }) => body === headers['sluice-version'],
})
