import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import { until } from '../e2e/reached.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Console, expectAccessible } from './console.ts'

const CALLED = 3

let installation: Installation
let console: Console

describe('the usage of an environment', { skip: WITHOUT_CHROMIUM }, () => {
  before(async () => {
    installation = await Installation.start()
    console = await Console.open(installation)
    for (const [app, minContainers] of [
      ['asleep', 0],
      ['dear', 2],
      ['cheap', 1],
    ] as const)
      await deploy(app, minContainers)
    for (let call = 0; call < CALLED; call++)
      await installation.api('POST', '/v1/apps/dear/functions/work/calls', { args: [], wait: 20 })
    await until('what was called to be counted', async () => (await usageOf('dear'))?.calls === CALLED)
  })
  after(async () => {
    await installation[Symbol.asyncDispose]()
    await console[Symbol.asyncDispose]()
  })

  test('the app that costs most comes first, with what it did and its share, by list prices that are named', async () => {
    const page = await console.visit('/usage/main')
    await rowOf(page, 'dear').waitFor()
    assert.deepEqual(await page.getByRole('rowheader').allTextContents(), ['dear', 'cheap', 'asleep'])
    await rowOf(page, 'dear')
      .getByRole('cell', { name: String(CALLED), exact: true })
      .waitFor()
    await rowOf(page, 'dear')
      .getByRole('cell', { name: /^[5-9]\d %$/ })
      .waitFor()
    await rowOf(page, 'asleep').getByRole('cell', { name: '$0', exact: true }).waitFor()
    await page.getByText(/by list prices of \d{4}-\d\d in us-east-1/).waitFor()
    await expectAccessible(page)
  })

  test('the time is chosen, stays in the address, and goes along to an app', async () => {
    const page = await console.visit('/usage/main', {
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
    })
    await rowOf(page, 'dear').waitFor()
    // The time before may be asked for once more meanwhile.
    const asked = page.waitForRequest((request) => {
      const { pathname, searchParams } = new URL(request.url())
      const days = (Date.now() - Date.parse(searchParams.get('since') ?? '')) / 86_400_000
      return pathname === '/v1/usage' && days > 6.9 && days < 7.1
    })
    await page.getByRole('link', { name: '7d', exact: true }).click()
    await asked
    assert.equal(new URL(page.url()).search, '?range=7d')
    await expectAccessible(page)
    await rowOf(page, 'cheap').getByRole('link').click()
    await page.waitForURL('**/apps/main/cheap/usage?range=7d')
  })

  test('all apps are asked for, page by page and of the same time, so that the dearest is known', async () => {
    const page = await console.visit('/sign-in')
    const asked: URLSearchParams[] = []
    // Smaller pages than the console asks for stand in for more apps.
    await page.route('**/v1/usage?*', (route) => {
      const url = new URL(route.request().url())
      asked.push(url.searchParams)
      url.searchParams.set('limit', '1')
      return route.continue({ url: url.href })
    })
    await page.goto(`${installation.url}/usage/main?range=1h`)
    await rowOf(page, 'dear').waitFor()
    assert.deepEqual(await page.getByRole('rowheader').allTextContents(), ['dear', 'cheap', 'asleep'])
    // All of it may be asked for once more, as the stream of changes opens.
    const cursors = [...new Set(asked.map((query) => query.get('cursor')))]
    assert.equal(cursors.length, 3)
    const third = asked.findIndex((query) => query.get('cursor') === cursors[2])
    assert.equal(asked[third]?.get('since'), asked[third - 1]?.get('since'))
  })
})

const rowOf = (page: Page, app: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name: app, exact: true }) })

async function deploy(app: string, minContainers: number): Promise<void> {
  const source = `
    import { App } from 'sluice'
    const app = new App('${app}')
    export const work = app.function({ minContainers: ${minContainers} }, () => 1)
    export default app`
  await using folder = await AppFolder.create({ 'app.ts': source })
  await installation.run('deploy', folder.entry)
}

async function usageOf(app: string): Promise<{ calls: number } | undefined> {
  return (await installation.api('GET', `/v1/apps/${app}/usage`)).body.total
}
