import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { Installation } from '../e2e/installation.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console, expectAccessible } from './console.ts'

let installation: Installation
before(async () => {
  installation = await Installation.start()
})
after(() => installation[Symbol.asyncDispose]())

function inBrowser(name: string, run: (console: Console) => Promise<void>): void {
  test(name, { skip: WITHOUT_CHROMIUM }, async () => {
    await using console = await Console.open(installation)
    await run(console)
  })
}

const link = async (...words: string[]): Promise<string> =>
  (await installation.run(...words, '--no-open')).trim()

const addressOf = (page: Page): string => page.url().slice(installation.url.length)

const apps = (page: Page) => page.getByRole('heading', { name: 'Apps' })

const signInPage = (page: Page) => page.getByRole('heading', { name: 'Sign in to Sluice' })

/** What a thief would find in the browser. */
const keptBy = (page: Page): Promise<string> =>
  page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])')

async function makeToken(...options: string[]): Promise<{ id: string; token: string }> {
  return installation.json('token', 'create', 'ann', ...options)
}

/** Somebody who signs in by hand. */
async function enter(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

inBrowser(
  'the link of the command line signs in once, leads to its page, and leaves no trace',
  async (console) => {
    const page = await console.stranger()
    const address = await link('app', 'dashboard', 'shop')
    const [, code = ''] = /code=(slc_[\w-]+)/.exec(address) ?? []
    await page.goto(address)
    await page.getByRole('heading', { name: 'shop' }).waitFor()
    assert.equal(addressOf(page), '/apps/main/shop')
    assert.equal((await keptBy(page)).includes(code), false)
    await page.goBack()
    assert.equal(page.url().includes(code), false)

    const thief = await console.stranger()
    await thief.goto(address)
    await thief.getByRole('alert').getByText('was used before').waitFor()
    await signInPage(thief).waitFor()
    assert.equal(addressOf(thief), '/apps/main/shop')
    await expectAccessible(thief)
  },
)

inBrowser('a link leads nowhere but to the console', async (console) => {
  for (const to of [
    'https://example.com/',
    '//example.com/apps',
    'javascript:alert(1)',
    '/\\example.com',
    '/.//example.com',
    `${installation.url}//example.com`,
  ]) {
    const page = await console.stranger()
    const address = new URL(await link('dashboard'))
    address.hash = new URLSearchParams({ code: /slc_[\w-]+/.exec(address.hash)?.[0] ?? '', to }).toString()
    await page.goto(address.href)
    await apps(page).waitFor()
    assert.equal(addressOf(page), '/apps/main')
  }
})

inBrowser('a link that would make somebody another is asked about', async (console) => {
  const page = await console.visit('/apps/main')
  const { token } = await makeToken('--role', 'viewer')
  const asAnn = async () => {
    const { code } = (await installation.api('POST', '/v1/sessions', {}, token)).body
    await page.goto(`${installation.url}/sign-in#code=${code}&to=/apps/main`)
    await page.getByRole('heading', { name: 'Go on as ann?' }).waitFor()
  }
  await asAnn()
  await expectAccessible(page)
  await page.getByRole('button', { name: /^Stay/ }).click()
  await apps(page).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Account: ann' }).count(), 0)
  await asAnn()
  await page.getByRole('button', { name: 'Go on as ann' }).click()
  await page.getByRole('button', { name: 'Account: ann' }).waitFor()
})

inBrowser('a token is exchanged for a session, and is nowhere in the browser', async (console) => {
  const page = await console.stranger()
  const { token } = await makeToken('--role', 'deployer')
  await page.goto(`${installation.url}/apps/main/shop`)
  await signInPage(page).waitFor()
  await enter(page, token)
  await page.getByRole('heading', { name: 'shop' }).waitFor()
  assert.equal(addressOf(page), '/apps/main/shop')
  const kept = await keptBy(page)
  assert.match(kept, /slu_/)
  assert.equal(kept.includes(token), false)
})

inBrowser('a token that is none is told of, and nothing is lost', async (console) => {
  const page = await console.stranger()
  await page.goto(`${installation.url}/apps/main`)
  for (const [wrong, sentence] of [
    ['slu_wrong', 'The token is not known here'],
    ['two words', 'A token is one word'],
    ['slü_wrong', 'A token is one word'],
  ] as const) {
    await enter(page, wrong)
    await page.getByRole('alert').getByText(sentence).waitFor()
  }
  await expectAccessible(page)
  await enter(page, installation.token)
  await apps(page).waitFor()
})

inBrowser(
  'whoever signs out does so in all tabs and at the control plane, and keeps the token',
  async (console) => {
    const page = await console.stranger()
    const { token } = await makeToken('--role', 'viewer', '--env', 'main')
    await page.goto(installation.url)
    await enter(page, token)
    const account = page.getByRole('button', { name: 'Account: ann' })
    await account.press('Enter')
    await page.getByText('may read').waitFor()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await page.getByText('may read').waitFor({ state: 'hidden' })

    const other = await page.context().newPage()
    await other.goto(`${installation.url}/apps/main`)
    await apps(other).waitFor()
    const session = JSON.parse(await page.evaluate<string>("localStorage.getItem('sluice.session')"))
    const ended = page.waitForResponse((response) => response.request().method() === 'DELETE')
    await account.click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    for (const tab of [page, other]) {
      await signInPage(tab).waitFor()
      await tab.getByText('You are signed out.').waitFor()
    }
    assert.equal((await ended).status(), 200)
    assert.equal((await installation.api('GET', '/v1/me', undefined, session.token)).status, 401)
    assert.equal((await installation.api('GET', '/v1/me', undefined, token)).status, 200)
    assert.equal((await keptBy(page)).includes('slu_'), false)
  },
)

inBrowser(
  'the sessions of a token that is revoked end with a sentence, and go on where they were',
  async (console) => {
    const page = await console.stranger()
    const { id, token } = await makeToken('--role', 'viewer')
    await page.goto(`${installation.url}/apps/main/shop/logs`)
    await enter(page, token)
    await page.getByRole('heading', { name: 'Logs' }).waitFor()
    // What the page asks by itself is not to end the session before the step to another page.
    const { promise: stepped, resolve: step } = Promise.withResolvers<void>()
    await page.route('**/v1/**', (route) => stepped.then(() => route.continue()).catch(() => undefined))
    await installation.run('token', 'revoke', id, '--yes')
    await page.getByRole('link', { name: 'Schedules' }).click()
    await page.getByRole('heading', { name: 'Schedules' }).waitFor()
    step()
    await page.getByRole('alert').getByText('the token that it came from was revoked by').waitFor()
    await signInPage(page).waitFor()
    await expectAccessible(page)
    await enter(page, installation.token)
    await page.getByRole('heading', { name: 'Schedules' }).waitFor()
    assert.equal(addressOf(page), '/apps/main/shop/schedules')
  },
)

inBrowser(
  'a control plane that is lost leaves the page readable, and is asked again by itself',
  async (console) => {
    const page = await console.visit('/apps/main')
    await apps(page).waitFor()
    await installation.kill()
    const banner = page.getByRole('status').getByText('The control plane does not answer.')
    await banner.waitFor()
    await apps(page).waitFor()
    await expectAccessible(page)
    await installation.up()
    await page.getByRole('status').getByText('The control plane is back.').waitFor()
    await banner.waitFor({ state: 'hidden' })

    await installation.kill()
    await banner.waitFor()
    await page.getByRole('link', { name: 'Audit' }).click()
    await page.getByText('This page is loaded once the control plane answers again.').waitFor()
    await installation.up()
    await page.getByRole('heading', { name: 'Audit of main' }).waitFor()

    await installation.kill()
    await banner.waitFor()
    expireSessions()
    await installation.up()
    await page
      .getByRole('alert')
      .getByText(/^The session of .* expired at/)
      .waitFor()
    await signInPage(page).waitFor()
  },
)

inBrowser(
  'whoever signs out while the control plane is away is told that it has not heard',
  async (console) => {
    const page = await console.visit('/apps/main')
    await installation.kill()
    await page.getByRole('button', { name: /^Account/ }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('the control plane could not be told').waitFor()
    assert.equal((await keptBy(page)).includes('slu_'), false)
    await installation.up()
  },
)

/** As 12 hours would. */
function expireSessions(): void {
  const store = new DatabaseSync(join(installation.dir, 'sluice.db'))
  store.prepare("update tokens set expires_at = ? where kind = 'session'").run(Date.now())
  store.close()
}
