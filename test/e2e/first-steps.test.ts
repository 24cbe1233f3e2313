import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { launchChromium, PATIENCE_MS, WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { Clone } from '../fixtures/clone.ts'
import { processesOf } from './processes.ts'
import { until } from './reached.ts'

let clone: Clone
let url: string
/** What scripts/up said to type next. */
let suggested: string[]

before(() => {
  clone = new Clone()
  const { status, output } = clone.type('./scripts/up --detach --port 0 --ingress-port 0')
  assert.equal(status, 0, output)
  const [, address, commands = ''] = /The example is at (\S+)\. Try next:\n((?: {2}.+\n)+)/.exec(output) ?? []
  assert.ok(address, output)
  url = address
  suggested = commands.trim().split(/\n */)
})

after(() => clone[Symbol.dispose]())

test('the page of the example answers to curl', () => {
  const { status, output } = clone.type(`curl --fail --silent --show-error ${url}/`)
  assert.equal(status, 0, output)
  assert.match(output, /<title>Podcast search<\/title>/)
})

test('what scripts/up says to type next works as it stands', () => {
  const [curl = '', call = '', describe = '', down] = suggested
  for (const command of [curl, call]) {
    const { status, output } = clone.type(command)
    assert.equal(status, 0, `${command}\n${output}`)
    assert.match(output, /liberty/i)
  }
  assert.match(clone.type(describe).output, /podcast-search in main: deployed, v1 live/)
  assert.equal(down, './scripts/down')
})

test('a search that is typed into the page finds episodes', { skip: WITHOUT_CHROMIUM }, async () => {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    const complaints = complaintsOf(page)
    await page.goto(url)
    await page.waitForSelector('article')
    await page.getByLabel('Search the transcripts').fill('liberty')
    await page.waitForSelector('article mark')
    const found = await page.locator('article mark').allTextContents()
    assert.deepEqual(new Set(found.map((word) => word.toLowerCase())), new Set(['liberty']))
    assert.equal(await page.textContent('#version'), '1')
    assert.deepEqual(complaints, [])
  } finally {
    await browser.close()
  }
})

test('scripts/down leaves no process, and the address with nobody behind it', async () => {
  assert.ok((await processesOf(clone.path)).length >= 2, 'the control plane and a container run')
  const { status, output } = clone.type('./scripts/down')
  assert.equal(status, 0, output)
  await until('every process to end', async () => (await processesOf(clone.path)).length === 0)
  assert.notEqual(clone.type(`curl --fail --silent ${url}/`).status, 0)
  assert.match(clone.type('./scripts/down').output, /Nothing runs on/)
})

function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  return complaints
}
