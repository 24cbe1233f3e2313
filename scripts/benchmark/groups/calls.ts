import { Client, Function as Deployed } from '../../../sdk/index.ts'
import { AppFolder } from '../../../test/e2e/app-folder.ts'
import { Installation } from '../../../test/e2e/installation.ts'
import { HttpClient } from '../client.ts'
import type { Bench, Group } from '../group.ts'
import { load } from '../load.ts'
import { bullmq, hasPackages } from '../peers/packages.ts'
import { Redis } from '../peers/redis.ts'
import { onPath, started } from '../program.ts'
import { type Contestant, interleaved, type Measure, rowsOf, type Sample } from '../rounds.ts'

/** Calls that are open at a time. */
const AT_ONCE = [1, 16, 64] as const
/** How many a worker handles at a time, on every side. */
const CONCURRENCY = 64
/** Jobs that BullMQ keeps, or its caller may come too late for the result. */
const KEPT = 1_000
const PAYLOAD = {
  hello: 'world',
  number: 42,
  text: 'a hundred bytes or so, as most arguments of most calls are',
}

const APP = `import { App } from 'sluice'
const app = new App('bench')
export const echo = app.function({ minContainers: 1, maxContainers: 1, concurrency: ${CONCURRENCY} }, async (value: unknown) => value)
export default app
`

const MEASURES: Record<string, Measure> = {
  p50: { title: 'one at a time, median', unit: 'ms', digits: 3 },
  p99: { title: 'one at a time, 99th percentile', unit: 'ms' },
  rate1: { title: 'one at a time', unit: 'calls/s', digits: 0 },
  rate16: { title: '16 at once', unit: 'calls/s', digits: 0 },
  rate64: { title: '64 at once', unit: 'calls/s', digits: 0 },
}

export const calls: Group = {
  name: 'calls',
  title: 'A warm call and its result',
  async run(bench) {
    await using stack = new AsyncDisposableStack()
    const contestants = [
      await plainHttp(stack, bench),
      ...(await sluice(stack, bench)),
      ...(await bull(stack, bench)),
    ]
    for (const { run } of contestants) await run(0)
    return rowsOf(calls.name, MEASURES, await interleaved(contestants, bench.rounds))
  },
}

async function plainHttp(stack: AsyncDisposableStack, bench: Bench): Promise<Contestant> {
  const { said: port } = stack.use(await started('echo-server.ts'))
  const client = stack.use(new HttpClient(`http://127.0.0.1:${port}`))
  return contestant('plain HTTP POST', 'limit', bench, () =>
    client.send({ path: '/', json: { args: [PAYLOAD] } }),
  )
}

async function sluice(stack: AsyncDisposableStack, bench: Bench): Promise<Contestant[]> {
  const installation = stack.use(await Installation.start())
  const folder = stack.use(await AppFolder.create({ 'app.ts': APP }))
  await installation.run('deploy', folder.entry)
  const { url, token } = installation
  const client = stack.use(new HttpClient(url))
  const echo = Deployed.fromName('bench', 'echo', { client: new Client({ url, token }) })
  const request = {
    path: '/v1/apps/bench/functions/echo/calls',
    headers: { authorization: `Bearer ${token}` },
    json: { args: [PAYLOAD], wait: 20 },
  }
  return [
    contestant('Sluice, by its API', 'ours', bench, () => client.send(request)),
    contestant('Sluice, by its SDK', 'ours', bench, () => echo.remote(PAYLOAD)),
  ]
}

async function bull(stack: AsyncDisposableStack, bench: Bench): Promise<Contestant[]> {
  const command = onPath('redis-server')
  if (!command) {
    bench.skip('BullMQ on Redis', 'there is no redis-server on PATH: apt-get install redis-server')
    return []
  }
  if (!(await hasPackages('BullMQ', bench))) return []
  const { port } = stack.use(await Redis.start(command))
  const connection = { host: '127.0.0.1', port }
  stack.use(await started('bull-worker.ts', [String(port), String(CONCURRENCY)]))
  const { Queue, QueueEvents } = bullmq()
  const queue = stack.adopt(new Queue('echo', { connection }), (it) => it.close())
  const events = stack.adopt(new QueueEvents('echo', { connection }), (it) => it.close())
  // Whoever waits for a job listens to both.
  for (const heard of [queue, events]) heard.setMaxListeners(0)
  await events.waitUntilReady()
  return [
    contestant('BullMQ on Redis', 'peer', bench, async () => {
      const job = await queue.add('echo', PAYLOAD, { removeOnComplete: { count: KEPT } })
      return job.waitUntilFinished(events)
    }),
  ]
}

function contestant(
  name: string,
  side: Contestant['side'],
  { sliceMs }: Bench,
  send: () => Promise<unknown>,
): Contestant {
  const call = async () => void (await send())
  const run = async (): Promise<Sample> => {
    const sample: Sample = {}
    for (const atOnce of AT_ONCE) {
      const { p50, p99, rate } = await load(call, atOnce, sliceMs)
      if (atOnce === 1) Object.assign(sample, { p50, p99 })
      sample[`rate${atOnce}`] = rate
    }
    return sample
  }
  return { name, side, run }
}
