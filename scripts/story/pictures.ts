import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import type { Console } from '../../test/console/console.ts'
import { type Subject, Traffic, VIEW_NAMES, VIEWS, type ViewName } from '../../test/console/views.ts'

const SIZES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 } },
} as const
const SCHEMES = ['light', 'dark'] as const
const HIGHEST = 3_000
/** What a reader has to load for a picture. */
const MOST_BYTES = 200_000

export interface Picture {
  view: ViewName
  scheme: (typeof SCHEMES)[number]
  size: keyof typeof SIZES
  /** Its name, where it is not made of those. */
  name?: string
  /** Pixels of the page that are shown; all of it unless given. */
  height?: number
}

export const everyPicture = (): Picture[] =>
  VIEW_NAMES.flatMap((view) =>
    SCHEMES.flatMap((scheme) =>
      (Object.keys(SIZES) as Picture['size'][]).map((size) => ({ view, scheme, size })),
    ),
  )

/** Takes pictures of the console, into a folder. */
export async function take(
  console: Console,
  { url, pictures, subject, folder }: { url: string; pictures: Picture[]; subject: Subject; folder: string },
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const pages = new Map<string, Page>()
  for (const picture of pictures) {
    const { view, scheme, size, name = `${view}-${scheme}-${size}`, height } = picture
    const options: BrowserContextOptions = { ...SIZES[size], colorScheme: scheme, reducedMotion: 'reduce' }
    const page = pages.get(scheme + size) ?? (await console.visit('/', options))
    pages.set(scheme + size, page)
    await page.setViewportSize({ ...SIZES[size].viewport, height: height ?? SIZES[size].viewport.height })
    const traffic = new Traffic(page)
    await page.goto(url + VIEWS[view](subject))
    await traffic.settled(page)
    if (view === 'logs')
      await page
        .getByText(/exported$/)
        .first()
        .waitFor()
    if (height === undefined) await fit(page, SIZES[size].viewport)
    const path = join(folder, `${name}.png`)
    await page.screenshot({ path })
    if (picture.name && (await stat(path)).size > MOST_BYTES) throw new Error(`${path} is too large`)
  }
}

/** As high as what there is to see, which a page that scrolls would cut. */
async function fit(page: Page, { width, height }: { width: number; height: number }): Promise<void> {
  const whole: number = await page.evaluate('document.documentElement.scrollHeight')
  await page.setViewportSize({ width, height: Math.min(HIGHEST, Math.max(height, whole)) })
}
