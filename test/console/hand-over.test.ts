import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { expectAccessible } from './console.ts'
import { DeployedApp } from './deployed-app.ts'

describe('the hand-over', { skip: WITHOUT_CHROMIUM }, () => {
  let app: DeployedApp
  before(async () => {
    app = await DeployedApp.deploy('first')
  })
  after(() => app[Symbol.asyncDispose]())

  test('is seen as it happens, without a reload: v2 takes over, v1 drains with its call and leaves', async () => {
    const call = await app.beginCall('first-call')
    const page = await app.console.visit(DeployedApp.path)
    await page.evaluate(`window.isStillTheSame = true`)
    const [v1, v2] = [laneOf(page, 1), laneOf(page, 2)]
    await v1.getByText('live', { exact: true }).waitFor()
    await v1.getByText('1 call in flight').waitFor()

    await app.redeploy('second')
    await v2.getByText('live', { exact: true }).waitFor()
    await v1.getByText('draining', { exact: true }).first().waitFor()
    await v1.getByText('1 call in flight').waitFor()
    await v1.getByText(/oldest for \d+ (min|s)/).waitFor()
    await v1.getByText(/deadline in \d+ (min|s)/).waitFor()
    await page
      .getByRole('list', { name: /^Rollout/ })
      .getByText('Took over')
      .waitFor()
    await expectAccessible(page)

    await call.letGo()
    await v1.getByText('nothing left').waitFor()
    await board(page).getByRole('listitem', { name: 'v1, drained: containers 3 stopped' }).waitFor()
    assert.equal(await page.evaluate(`window.isStillTheSame`), true)
  })

  test('moves, but not for who has asked for less of that', async () => {
    const moving = await app.console.visit(DeployedApp.path)
    const still = await app.console.visit(DeployedApp.path, { reducedMotion: 'reduce' })
    for (const page of [moving, still]) {
      await laneOf(page, 2).getByText('live', { exact: true }).waitFor()
      await page.evaluate(COUNT_MOVES)
    }
    await app.redeploy('third')
    for (const page of [moving, still]) {
      await laneOf(page, 3).getByText('live', { exact: true }).waitFor()
      await laneOf(page, 2).getByText('nothing left').waitFor()
    }
    assert.ok((await moving.evaluate<number>('window.moves')) > 0)
    assert.equal(await still.evaluate('window.moves'), 0)
  })

  test('is legible in the dark and on a phone', async () => {
    const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const
    const page = await app.console.visit(DeployedApp.path, phone)
    await laneOf(page, 3).waitFor()
    await expectAccessible(page)
    const width = await page.evaluate(`document.documentElement.scrollWidth`)
    assert.equal(width, phone.viewport.width, 'nothing is wider than the screen')
  })
})

describe('a rollout that fails', { skip: WITHOUT_CHROMIUM }, () => {
  test('is told with its reason, and what serves on', async () => {
    await using app = await DeployedApp.deploy('sound')
    await app.breakIt('It <b>cannot</b> start.')
    const page = await app.console.visit(DeployedApp.path)
    const told = page.getByRole('region', { name: 'Rollout of v2' })
    await told.getByText('v2 did not go live.').waitFor()
    await told.getByText('v1 serves on.').waitFor()
    await told
      .getByText(/It <b>cannot<\/b> start\./)
      .first()
      .waitFor()
    await laneOf(page, 1).getByText('live', { exact: true }).waitFor()
  })
})

const COUNT_MOVES = `
  window.moves = 0
  const animate = Element.prototype.animate
  Element.prototype.animate = function (...how) {
    window.moves++
    return animate.apply(this, how)
  }
`

const laneOf = (page: Page, version: number) =>
  board(page).getByRole('listitem', { name: new RegExp(`^v${version},`) })

const board = (page: Page) => page.getByRole('list', { name: 'Versions with containers, newest first' })
