import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type ServerType, serve } from '@hono/node-server'
import type { Browser, Page } from 'playwright-core'
import { indexOf, merge } from '../../../examples/podcast-search/inverted-index.ts'
import { searcher } from '../../../examples/podcast-search/searching.ts'
import { makeSite } from '../../../examples/podcast-search/site.ts'
import type { Episode } from '../../../examples/podcast-search/transcript.ts'
import { launchChromium, PATIENCE_MS, WITHOUT_CHROMIUM } from '../../fixtures/chromium.ts'

const skip = WITHOUT_CHROMIUM
const FRONTEND = join(import.meta.dirname, '../../../examples/podcast-search/frontend')
const TRICKY = 'The fox <img src=x onerror="document.title=\'hacked\'"> jumped over 1 < 2 foxes.'

const facts = { speaker: 'Aesop', year: 1867, published: '2024-01-01', source: 'Written for a test' }
const episodes: Episode[] = [
  { slug: 'tricky', title: 'Tricky <b>', text: TRICKY, ...facts },
  { slug: 'other', title: 'Other', text: 'A crow perishing with thirst saw a pitcher.', ...facts },
]

let server: ServerType
let browser: Browser
let address: string

before(async () => {
  if (skip) return
  const site = makeSite({
    folders: { '/assets': FRONTEND },
    search: searcher(merge('2024-05-01', episodes.map(indexOf)), async (slug) => {
      return episodes.find((episode) => episode.slug === slug) ?? assert.fail(slug)
    }),
    episodes: async () => ({ edition: '2024-05-01', episodes }),
    version: '3',
  })
  server = serve({ fetch: site, port: 0, hostname: '127.0.0.1' })
  await new Promise((listening) => server.once('listening', listening))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await launchChromium()
})
after(async () => {
  if (skip) return
  await browser.close()
  server.close()
})

async function open(path: string, width = 1000): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 800 } })
  page.setDefaultTimeout(PATIENCE_MS)
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(address + path)
  await page.waitForSelector('article, #status:text-matches("^No")')
  return { page, complaints }
}

test('the page lists the episodes, and names version and edition', { skip }, async () => {
  const { page, complaints } = await open('/')
  assert.deepEqual(await page.locator('h2').allTextContents(), ['Tricky <b>', 'Other'])
  assert.equal(await page.textContent('#version'), '3')
  assert.equal(await page.textContent('#edition'), '2024-05-01')
  assert.deepEqual(complaints, [])
})

test('typing searches, marks what was found, and can be linked to', { skip }, async () => {
  const { page } = await open('/')
  await page.getByLabel('Search the transcripts').fill('foxes')
  await page.waitForSelector('mark')
  assert.deepEqual(await page.locator('mark').allTextContents(), ['fox', 'foxes'])
  assert.equal(new URL(page.url()).search, '?q=foxes')
  const { page: linked } = await open('/?q=foxes')
  assert.equal(await linked.textContent('#status'), '1 episode with “foxes”.')
})

test('a transcript is text to the page, whatever it holds', { skip }, async () => {
  const { page } = await open('/?q=fox')
  assert.equal(await page.textContent('.snippet'), TRICKY)
  assert.equal(await page.locator('article img').count(), 0)
  assert.equal(await page.title(), 'Podcast search')
})

test('nothing found is said, and a narrow screen needs no scrolling sideways', { skip }, async () => {
  const { page } = await open('/?q=zebra', 320)
  assert.equal(await page.textContent('#status'), 'No episodes with “zebra”.')
  const { page: list } = await open('/', 320)
  assert.ok(await list.evaluate('document.documentElement.scrollWidth <= innerWidth'))
})
