export const APP = 'soak'
export const LABEL = `${APP}-web`
/** Parts of an answer that comes bit by bit. */
export const TICKS = 6

/** What is deployed again and again. Whatever it answers tells the input that it is about. */
export const APP_SOURCE = `
import { setTimeout as pause } from 'node:timers/promises'
import { App, Cron } from 'sluice'

const app = new App('${APP}')
const by = Number(process.env.SLUICE_VERSION)
const CALLED = { concurrency: 8, maxContainers: 3 }

export const double = app.function(CALLED, async (n: number, ms = 5) => {
  await pause(ms)
  return { n, doubled: 2 * n, by }
})
export const nested = app.function(CALLED, async (n: number) => ({ n, inner: await double.remote(n, 10), by }))
export const spawning = app.function(CALLED, async (n: number) => ({ n, inner: await (await double.spawn(n, 20)).get(), by }))
export const mapping = app.function(CALLED, async (n: number) => ({ n, all: await double.map([n, n + 1, n + 2, n + 3]), by }))
export const minutely = app.function({ schedule: Cron('* * * * *') }, async () => ({ by }))

async function* ticks(n: string) {
  for (let i = 0; i < ${TICKS}; i++) {
    yield new TextEncoder().encode(n + ':' + i + ' ')
    await pause(20)
  }
}

export const web = app.web({ concurrency: 20, minContainers: 2, maxContainers: 3 }, async (request) => {
  const { pathname, searchParams } = new URL(request.url)
  const n = searchParams.get('n') ?? ''
  if (pathname === '/echo') return new Response(request.body)
  if (pathname === '/ticks') return new Response(ReadableStream.from(ticks(n)))
  await pause(Number(searchParams.get('ms')))
  return new Response(n + ' by ' + by)
})

export default app
`
