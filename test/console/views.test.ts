import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { Installation } from '../e2e/installation.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console, expectAccessible } from './console.ts'
import { deployHostile, HOSTILE } from './hostile-app.ts'
import { type Subject, Traffic, VIEW_NAMES, VIEWS } from './views.ts'

const skip = WITHOUT_CHROMIUM
const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const
/** Presses that lead round a page once, and more. */
const MOST_TABS = 150

let installation: Installation
let subject: Subject
let console: Console
before(async () => {
  if (skip) return
  installation = await Installation.start()
  const [first] = await deployHostile(installation)
  subject = first ?? assert.fail()
  console = await Console.open(installation)
})
after(async () => {
  try {
    await console?.[Symbol.asyncDispose]()
  } finally {
    await installation?.[Symbol.asyncDispose]()
  }
})

for (const name of VIEW_NAMES)
  test(`whoever sees little, or not at all, can use the view ${name}, by day, by night and on a phone`, {
    skip,
  }, async () => {
    for (const look of LOOKS) {
      const page = await console.visit('/', look)
      await arriveAt(page, VIEWS[name](subject))
      await expectAccessible(page)
      const wide: number = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      assert.ok(wide <= 0, `${name} is ${wide} pixels wider than a window of ${look.viewport.width}`)
      await page.context().close()
    }
  })

test('every view is there again when its address is loaded again, and has a title of its own', {
  skip,
}, async () => {
  const page = await console.visit('/')
  const titles = new Set<string>()
  for (const name of VIEW_NAMES) {
    const path = VIEWS[name](subject)
    await arriveAt(page, path)
    titles.add(await page.title())
    const heading = await page.locator('main h1').textContent()
    await arriveAt(page, path)
    assert.equal(await page.locator('main h1').textContent(), heading)
    assert.equal(new URL(page.url()).pathname, encodeURI(path))
  }
  assert.equal(titles.size, VIEW_NAMES.length, [...titles].join(', '))
})

test('no page asks another origin, nor tells the token to an address, a cookie or a page', {
  skip,
}, async () => {
  const page = await console.visit('/')
  const [session = ''] =
    /sl\w*_[\w-]{20,}/.exec(await page.evaluate('JSON.stringify({ ...localStorage })')) ?? []
  assert.ok(session.length > 20, 'there is a session')
  const secrets = [session, installation.token]
  for (const name of VIEW_NAMES) {
    const urls = await arriveAt(page, VIEWS[name](subject))
    for (const url of urls) assert.equal(new URL(url).origin, installation.url)
    const seen = [...urls, page.url(), await page.content(), await page.evaluate('document.cookie')].join(
      '\n',
    )
    for (const secret of secrets) assert.equal(seen.includes(secret), false, name)
  }
})

test('a keyboard is enough: to sign in, to begin and call off a rollback, and to filter the log', {
  skip,
}, async () => {
  const page = await console.stranger()
  await page.goto(`${installation.url}/apps/main`)
  await walkTo(page, page.getByLabel('Token'))
  await page.keyboard.type(installation.token)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Apps' }).waitFor()

  await enter(page, page.getByRole('main').getByRole('link', { name: HOSTILE, exact: true }))
  await page.getByRole('heading', { name: HOSTILE }).waitFor()
  const rollBack = page.getByRole('button', { name: 'Roll back to v1' })
  await enter(page, rollBack)
  const dialog = page.getByRole('dialog')
  await enter(page, dialog.getByRole('button', { name: 'Cancel' }))
  await dialog.waitFor({ state: 'hidden' })
  assert.ok(await isFocused(rollBack), 'one is where one was before')

  await enter(page, page.getByRole('navigation', { name: HOSTILE }).getByRole('link', { name: 'Logs' }))
  await walkTo(page, page.getByLabel('Text'))
  await page.keyboard.type('nothing says this')
  await page.waitForURL(/search=nothing/)
})

async function arriveAt(page: Page, path: string): Promise<string[]> {
  const traffic = new Traffic(page)
  await page.goto(installation.url + path)
  await traffic.settled(page)
  return traffic.urls
}

async function enter(page: Page, element: Locator): Promise<void> {
  await walkTo(page, element)
  await page.keyboard.press('Enter')
}

async function walkTo(page: Page, element: Locator): Promise<void> {
  await element.waitFor()
  for (let i = 0; i < MOST_TABS; i++) {
    if (await isFocused(element)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`No number of tabs leads to ${element}`)
}

const isFocused = (element: Locator): Promise<boolean> =>
  element.evaluate((node) => node === node.ownerDocument.activeElement)
