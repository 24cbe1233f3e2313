import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Console } from '../test/console/console.ts'
import type { Subject } from '../test/console/views.ts'
import { Installation } from '../test/e2e/installation.ts'
import { slowClock } from './story/clock.ts'
import { everyPicture, type Picture, take } from './story/pictures.ts'
import { tell } from './story/story.ts'

const HOUR_MS = 3_600_000
const IMAGES = join(import.meta.dirname, '..', 'docs', 'images')

/** Those of the documents. */
const CHOSEN: Picture[] = [
  { view: 'app', scheme: 'light', size: 'desktop', name: 'hand-over', height: 690 },
  { view: 'usage', scheme: 'dark', size: 'desktop', name: 'usage', height: 860 },
  { view: 'schedules', scheme: 'light', size: 'phone', name: 'schedules-phone' },
]

const { values } = parseArgs({ options: { all: { type: 'string' } } })
const folder = values.all === undefined ? IMAGES : resolve(values.all)
const pictures = values.all === undefined ? CHOSEN : everyPicture()

await using installation = await Installation.start()
await installation.kill('SIGTERM')
await tell(installation, earlier)
await using console = await Console.open(installation)
await take(console, { url: installation.url, pictures, subject: await subject(), folder })

async function earlier(hours: number, run: () => Promise<void>): Promise<void> {
  process.env.NODE_OPTIONS = slowClock(hours * HOUR_MS)
  await installation.up()
  await run()
  await installation.kill('SIGTERM')
  process.env.NODE_OPTIONS = ''
}

/** The call that failed last is the one with most to see. */
async function subject(): Promise<Subject> {
  const { body } = await installation.api(
    'GET',
    '/v1/apps/shop/calls?status=failed&function=resizePhoto&limit=1',
  )
  return { app: 'shop', function: 'resizePhoto', call: body.items[0].id }
}
