import type { Page, Request } from 'playwright-core'

/** What a view is of. */
export interface Subject {
  app: string
  function: string
  call: string
}

/** The address of every view. */
export const VIEWS = {
  apps: () => '/apps/main',
  app: ({ app }) => `/apps/main/${app}`,
  function: ({ app, function: name }) => `/apps/main/${app}/functions/${name}`,
  calls: ({ app }) => `/apps/main/${app}/calls`,
  call: ({ app, call }) => `/apps/main/${app}/calls/${call}`,
  containers: ({ app }) => `/apps/main/${app}/containers`,
  logs: ({ app }) => `/apps/main/${app}/logs`,
  schedules: ({ app }) => `/apps/main/${app}/schedules`,
  usage: ({ app }) => `/apps/main/${app}/usage`,
  audit: ({ app }) => `/apps/main/${app}/audit`,
  usages: () => '/usage/main',
  audits: () => '/audit/main',
} as const satisfies Record<string, (of: Subject) => string>

export type ViewName = keyof typeof VIEWS

export const VIEW_NAMES = Object.keys(VIEWS) as ViewName[]

/** What stays open for as long as the view does. */
const STREAM = /\/v1\/changes|[?&]follow=true/

/** What a page asks the API for, and the files that it loads. */
export class Traffic {
  readonly requests: string[] = []
  readonly files: string[] = []
  /** Everything that was asked of any address. */
  readonly urls: string[] = []
  readonly #open = new Set<Request>()

  constructor(page: Page) {
    page.on('request', (request) => {
      const url = new URL(request.url())
      this.urls.push(request.url())
      if (!url.pathname.startsWith('/v1/')) {
        this.files.push(url.pathname)
        return
      }
      this.requests.push(url.pathname + url.search)
      if (!STREAM.test(request.url())) this.#open.add(request)
    })
    page.on('requestfinished', (request) => this.#open.delete(request))
    page.on('requestfailed', (request) => this.#open.delete(request))
  }

  /** The page has its heading, waits for nothing, and has drawn what it was told. */
  async settled(page: Page): Promise<void> {
    await page.locator('main h1').waitFor()
    for (let looks = 0; looks < QUIET_LOOKS; looks++) {
      await page.evaluate(TWO_FRAMES)
      if (this.#open.size > 0 || (await page.locator('main .waiting').count()) > 0) looks = -1
    }
  }
}

/** What an answer has the page ask next is heard of over another connection than that frames have passed. */
const QUIET_LOOKS = 3
const TWO_FRAMES = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))'
