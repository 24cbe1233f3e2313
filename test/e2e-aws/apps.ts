/** Sources of small apps, by what they are deployed for. */

export const busy = (mark: string): string => `
import { setTimeout as pause } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('busy')
const mark = '${mark}'
const version = process.env.SLUICE_VERSION

export const web = app.web({ concurrency: 20, minContainers: 1 }, async (request) => {
  const { pathname, searchParams } = new URL(request.url)
  if (pathname === '/echo') return new Response(request.body)
  await pause(Number(searchParams.get('ms')))
  return new Response(version, { headers: { mark } })
})

export const double = app.function({ concurrency: 4, minContainers: 1 }, async (n: number, ms: number) => {
  await pause(ms)
  return { doubled: 2 * n, by: version }
})

export const wait = app.function({ timeout: '3m' }, async (seconds: number) => {
  await pause(seconds * 1000)
  return mark
})

export default app
`

/** Nothing of it runs unless it is called. */
export const quiet = (mark: string): string => `
import { App, Cron } from 'sluice'

const app = new App('quiet')

export const hello = app.function({ scaledownWindow: '5s' }, async (name: string) => {
  console.log('greeting', name)
  return 'hello ' + name + ' ${mark}'
})
export const page = app.web({ scaledownWindow: '5s' }, () => new Response('${mark}'))
export const nightly = app.function({ schedule: Cron('0 3 1 1 *') }, async () => '${mark}')

export default app
`

export const everyMinute = `
import { App, Cron } from 'sluice'

const app = new App('clock')

export const tick = app.function({ schedule: Cron('* * * * *') }, async () => 'tock')

export default app
`

export const mortal = `
import { setTimeout as pause } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('mortal')

export const work = app.function({ retries: 0, timeout: '2m' }, async () => {
  await pause(15_000)
  return 'done'
})

export default app
`

export const warm = `
import { App } from 'sluice'

const app = new App('warm')

export const double = app.function({ minContainers: 1 }, async (n: number) => 2 * n)

export default app
`

export const guarded = `
import { App } from 'sluice'

const app = new App('guarded')

export const web = app.web({ requiresAuth: true }, ({ headers }) => new Response(headers.get('sluice-caller')))

export default app
`

export const page = (word: string) => `
import { App } from 'sluice'

const app = new App('page')

export const web = app.web(() => new Response('${word}'))

export default app
`

export const broken = `
import { App } from 'sluice'

const app = new App('broken')
if (process.env.SLUICE_VERSION) throw new Error('the index is missing')

export const work = app.function({ minContainers: 1 }, () => 'done')

export default app
`
