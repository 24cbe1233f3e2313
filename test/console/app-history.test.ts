import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { Installation } from '../e2e/installation.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console, expectAccessible } from './console.ts'
import { CROWD, crowd } from './crowd.ts'
import { FLEET } from './fleet.ts'

describe('a history of hundreds of versions', { skip: WITHOUT_CHROMIUM }, () => {
  let installation: Installation
  let console: Console
  before(async () => {
    installation = await Installation.startOn(crowd)
    console = await Console.open(installation)
  })
  after(async () => {
    await console[Symbol.asyncDispose]()
    // What stands in the store has no processes that could be given time to end.
    await installation.kill()
    await installation[Symbol.asyncDispose]()
  })

  const rows = (page: Page) => page.getByRole('listitem', { name: /^v\d+$/ })

  test('is shown page by page', async () => {
    const page = await console.visit(`/apps/main/${FLEET}`)
    await rows(page).first().waitFor()
    const shown = await rows(page).count()
    assert.ok(shown < CROWD.versions / 10, `${shown} at once`)
    await page.getByRole('button', { name: 'Show older versions' }).click()
    await rows(page).nth(shown).waitFor()
    assert.equal(await rows(page).count(), 2 * shown)
    await expectAccessible(page)
  })

  test('shows the version that the address names, also one that is far down', async () => {
    for (const version of [CROWD.versions - 3, 7]) {
      const page = await console.visit(`/apps/main/${FLEET}#v${version}`)
      const named = rows(page).and(page.getByLabel(`v${version}`, { exact: true }))
      await named.waitFor()
      await inSight(named)
      await named.getByRole('button', { name: `What changed in v${version}` }).click()
      await named.getByText(`From v${version - 1} to v${version}: no difference.`).waitFor()
    }
  })

  test('numbers stand for a thousand containers, and what drains is told apart', async () => {
    const page = await console.visit(`/apps/main/${FLEET}`)
    const lane = (version: number) => page.getByRole('listitem', { name: new RegExp(`^v${version},`) })
    await lane(CROWD.versions)
      .getByText(/^\d+ calls in flight$/)
      .waitFor()
    await lane(CROWD.versions - 1)
      .getByText('250 calls in flight')
      .waitFor()
    assert.equal(await page.locator('[data-tile]').count(), 0)
  })
})

/** Resolves once it is. */
const inSight = (element: Locator): Promise<void> =>
  element.evaluate((node) => {
    const { IntersectionObserver: Observer } = node.ownerDocument.defaultView
    return new Promise((resolve) => {
      new Observer((seen: { isIntersecting: boolean }[]) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) resolve()
      }).observe(node)
    })
  })
