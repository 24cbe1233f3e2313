import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import { environment, MAIN } from '../e2e/reached.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console, expectAccessible } from './console.ts'

/** Half a day off: it is not to run by itself meanwhile. */
const HOUR = (new Date().getUTCHours() + 12) % 24
const SHOP = `
import { App, Cron } from 'sluice'
const app = new App('shop')
export const sell = app.function({ minContainers: 1 }, (what: string) => {
  if (what === 'nothing') throw new Error('sold out')
  return what
})
export const count = app.function({ schedule: Cron('0 ${HOUR} * * *') }, () => 1)
export const page = app.web(() => new Response('hi'))
export default app
`
const PHONE = { viewport: { width: 390, height: 844 } }
const DARK = { colorScheme: 'dark' } as const

let installation: Installation
let console: Console

describe('the apps of an environment', { skip: WITHOUT_CHROMIUM }, () => {
  before(async () => {
    installation = await Installation.start()
    console = await Console.open(installation)
    await installation.run('env', 'create', 'full')
  })
  after(async () => {
    await installation[Symbol.asyncDispose]()
    await console[Symbol.asyncDispose]()
  })

  test('where there are none, the three lines to type are there, and bring the first one onto the page', async () => {
    const page = await console.visit('/apps/main')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByText('Nothing is deployed here yet.').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const lines: string = await page.evaluate('navigator.clipboard.readText()')
    assert.equal(lines.trim().split('\n').length, 3)
    await using folder = await AppFolder.create()
    assert.match(await typed(lines, folder.path), /Hello World/)
    await rowOf(page, 'hello').getByText('deployed').waitFor()
  })

  test('each is told in a row: what is live and since when, by whom, what it runs, did, and does next', async () => {
    await using folder = await AppFolder.create({ 'app.ts': SHOP })
    const page = await console.visit('/apps/main')
    await installation.run('deploy', folder.entry)
    const row = rowOf(page, 'shop')
    await row.getByRole('link', { name: 'v1', exact: true }).waitFor()
    const { name } = (await installation.api('GET', '/v1/me')).body
    await row.getByText(new RegExp(`^by ${name}, (now|\\d+ (min|s) ago)$`)).waitFor()
    await row.getByText('1 ready').waitFor()
    await row.getByText(/^count/).waitFor()
    await row.getByText(/^in \d+ h$/).waitFor()
    const [address] = Object.values((await installation.api('GET', '/v1/apps/shop')).body.urls)
    assert.equal(await row.getByRole('link', { name: /^shop-page/ }).getAttribute('href'), address)
    for (const what of ['hat', 'nothing', 'tie'])
      await installation.api('POST', '/v1/apps/shop/functions/sell/calls', { args: [what], wait: 20 })
    await row.getByText('3 calls', { exact: true }).waitFor()
    await row.getByText('1 error', { exact: true }).waitFor()
    await expectAccessible(page)
    await row.getByRole('link', { name: 'shop', exact: true }).click()
    await page.waitForURL('**/apps/main/shop')
    await page.locator('h1:focus').getByText('shop').waitFor()
  })

  test('a version that fails on its way is told beside the one that goes on serving', async () => {
    await using folder = await AppFolder.create({
      'app.ts': `${SHOP}\nif (process.env.SLUICE_VERSION) throw new Error('cannot start')`,
    })
    const page = await console.visit('/apps/main')
    const row = rowOf(page, 'shop')
    await row.getByText('deployed').waitFor()
    assert.equal(await row.getByText('failed').count(), 0)
    assert.equal((await installation.cli('deploy', folder.entry)).code, 1)
    await row.getByText('failed').waitFor()
    await row.getByRole('link', { name: 'v2', exact: true }).waitFor()
    await row.getByRole('link', { name: 'v1', exact: true }).waitFor()
  })

  test('whoever stopped one is named, and what it was live with is gone, without a reload', async () => {
    const page = await console.visit('/apps/main', { ...DARK, ...PHONE })
    const row = rowOf(page, 'shop')
    await row.getByText('deployed').waitFor()
    await expectAccessible(page)
    await installation.run('app', 'stop', 'shop', '--yes')
    await row.getByText(/^stopped by /).waitFor()
    assert.equal(await row.getByRole('link', { name: 'v1', exact: true }).count(), 0)
    await row.getByText('none', { exact: true }).waitFor()
  })

  test('many come in pages, and one is found by a part of its name though its page was not loaded', async () => {
    await deployMany('full', 60)
    const page = await console.visit('/apps/full')
    const rows = page.getByRole('row').filter({ has: page.getByRole('rowheader') })
    await rowOf(page, 'app-049').waitFor()
    assert.equal(await rows.count(), 50)
    await page.getByRole('searchbox', { name: 'Find apps by name' }).fill('P-05')
    await rowOf(page, 'app-059').waitFor()
    assert.equal(await rows.count(), 10)
    assert.equal(new URL(page.url()).search, '?q=P-05')
    await page.reload()
    await rowOf(page, 'app-059').waitFor()
    assert.equal(await page.getByRole('searchbox').inputValue(), 'P-05')
    await page.getByRole('searchbox').fill('nowhere')
    await page.getByText('No app has “nowhere” in its name.').waitFor()
    await page.getByRole('searchbox').fill('')
    await page.getByRole('button', { name: 'Show more apps' }).click()
    await rowOf(page, 'app-059').waitFor()
    assert.equal(await rows.count(), 60)
    assert.equal(await page.getByRole('button', { name: 'Show more apps' }).count(), 0)
  })

  test('another environment is looked at in the same way as the one before', async () => {
    const page = await console.visit('/apps/main')
    await rowOf(page, 'hello').waitFor()
    await page.getByRole('option', { name: 'full' }).waitFor({ state: 'attached' })
    await page.getByRole('combobox', { name: 'Environment' }).focus()
    await page.keyboard.press('ArrowUp')
    await page.getByRole('heading', { name: 'Apps in full' }).waitFor()
    await rowOf(page, 'app-000').waitFor()
    assert.equal(await page.locator('select:focus').inputValue(), 'full')
    assert.equal(await rowOf(page, 'hello').count(), 0)
    await page.getByRole('link', { name: 'Audit', exact: true }).click()
    await page.getByRole('heading', { name: 'Audit of full' }).waitFor()
    await page.getByRole('combobox', { name: 'Environment' }).selectOption('main')
    await page.getByRole('heading', { name: 'Audit of main' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/audit/main')
    await page.goBack()
    await page.getByRole('heading', { name: 'Audit of full' }).waitFor()
  })

  test('an environment that was created meanwhile is among those to choose from', async () => {
    const page = await console.visit('/apps/main')
    await page.getByRole('option', { name: 'full' }).waitFor({ state: 'attached' })
    await installation.run('env', 'create', 'late')
    await page.getByRole('combobox', { name: 'Environment' }).focus()
    await page.getByRole('option', { name: 'late' }).waitFor({ state: 'attached' })
  })

  test('an environment that is not there is told so, with what to do', async () => {
    const page = await console.visit('/apps/fulk')
    await page.getByRole('alert').getByText('There is no environment "fulk". Did you mean "full"?').waitFor()
  })

  test('a token of one environment has no other to go to, and asks for none', async () => {
    const made = await installation.api('POST', '/v1/tokens', { name: 'eve', role: 'viewer', env: 'full' })
    assert.equal(made.status, 201)
    await using own = await Console.open({ url: installation.url, token: made.body.token })
    const page = await own.visit('/')
    const refused: string[] = []
    page.on('response', (response) => response.status() === 403 && refused.push(response.url()))
    await page.reload()
    await rowOf(page, 'app-000').waitFor()
    assert.equal(new URL(page.url()).pathname, '/apps/full')
    assert.equal(await page.getByRole('combobox', { name: 'Environment' }).count(), 0)
    assert.deepEqual(refused, [])
  })
})

const rowOf = (page: Page, app: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name: app, exact: true }) })

/** What a shell prints of these lines, in a folder that has Sluice among its packages. */
async function typed(lines: string, cwd: string): Promise<string> {
  const script = lines.replaceAll('npx sluice', `'${process.execPath}' '${MAIN}'`)
  const shell = spawn('sh', ['-e', '-c', script], {
    cwd,
    env: { ...environment(), ...installation.variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  shell.stdout.on('data', (data) => (output += data))
  assert.deepEqual(await once(shell, 'close'), [0, null])
  return output
}

/** Apps that run nothing, from the same content. */
async function deployMany(env: string, count: number): Promise<void> {
  const content = 'export default null'
  const sha256 = createHash('sha256').update(content).digest('hex')
  const { missing } = (await installation.api('POST', `/v1/blobs/missing?env=${env}`, { sha256: [sha256] }))
    .body
  for (const { uploadUrl, headers } of missing)
    assert.ok((await fetch(uploadUrl, { method: 'PUT', body: content, headers })).ok)
  const code = { path: 'app.mjs', sha256, size: content.length }
  for (let number = 0; number < count; number++) {
    const app = `app-${String(number).padStart(3, '0')}`
    const manifest = { app, bundle: { code }, functions: { work: { kind: 'plain' } } }
    const { status } = await installation.api('POST', `/v1/apps/${app}/versions?env=${env}`, { manifest })
    assert.equal(status, 202)
  }
}
