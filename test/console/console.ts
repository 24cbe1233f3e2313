import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { launchChromium, PATIENCE_MS } from '../fixtures/chromium.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** How Chromium words an answer of 4xx or 5xx, or none: tests cause those on purpose. */
const EXPECTED = /Failed to load resource/

interface Reached {
  url: string
  token: string
}

/** A browser on the console of an installation. What a page complains of, such as a breach of its policy, fails the test. */
export class Console implements AsyncDisposable {
  readonly #installation: Reached
  readonly #browser: Browser
  readonly #complaints: string[] = []

  private constructor(installation: Reached, browser: Browser) {
    this.#installation = installation
    this.#browser = browser
  }

  static async open(installation: Reached): Promise<Console> {
    return new Console(installation, await launchChromium())
  }

  /** A page at `path`, of somebody who has signed in with the installation's token. */
  async visit(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.stranger(options)
    await page.goto(this.#installation.url)
    await page.getByLabel('Token').fill(this.#installation.token)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('navigation', { name: 'Environment' }).waitFor()
    await page.goto(this.#installation.url + path)
    return page
  }

  /** A page of somebody who has never been here, and is nowhere yet. */
  async stranger(options: BrowserContextOptions = {}): Promise<Page> {
    const context: BrowserContext = await this.#browser.newContext(options)
    context.setDefaultTimeout(PATIENCE_MS)
    const page = await context.newPage()
    page.on('pageerror', (error) => this.#complaints.push(String(error)))
    page.on('console', (message) => {
      const isBad = message.type() === 'error' || message.type() === 'warning'
      if (isBad && !EXPECTED.test(message.text())) this.#complaints.push(message.text())
    })
    return page
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
    assert.deepEqual(this.#complaints, [], 'no page complains')
  }
}

export const textOf = async (found: Locator): Promise<string> => (await found.textContent()) ?? ''

const FADED_IN = `Promise.allSettled(
  document.getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity)
    .map(({ finished }) => finished)
).then(() => undefined)`

/** Has axe look at the page as it is (WCAG 2.2 A and AA, and best practices), once nothing in it fades in, which is pale. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(FADED_IN)
  await page.evaluate(AXE)
  const found: string[] = await page.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html).join(' … ')))`,
  )
  assert.deepEqual(found, [], `axe finds nothing at ${new URL(page.url()).pathname}`)
}
