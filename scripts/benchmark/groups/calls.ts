import { Client, Function as Deployed } from '../../../sdk/index.ts'
import { AppFolder } from '../../../test/e2e/app-folder.ts'
import { Installation } from '../../../test/e2e/installation.ts'
import { processesOf } from '../../../test/e2e/processes.ts'
import type { Bench } from '../bench.ts'
import { HttpClient } from '../client.ts'
import { cpuTime } from '../cpu-time.ts'
import type { Group } from '../group.ts'
import { load } from '../load.ts'
import { bullmq, hasPackages } from '../peers/packages.ts'
import { Redis } from '../peers/redis.ts'
import { onPath, started } from '../program.ts'
import { type Contestant, interleaved, type Measure, rowsOf, type Sample, setUp } from '../rounds.ts'

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
  cpu: { title: 'time of all cores for a call, its caller included', unit: 'µs', digits: 0 },
}

export const calls: Group = {
  name: 'calls',
  title: 'A warm call and its result',
  async run(bench) {
    await using stack = new AsyncDisposableStack()
    const contestants = [
      await plainHttp(stack, bench),
      ...(await sluice(stack, bench)),
      ...(await setUp('BullMQ on Redis', bench, () => bull(stack, bench))),
    ]
    return rowsOf(calls.name, MEASURES, await interleaved(contestants, bench))
  },
}

async function plainHttp(stack: AsyncDisposableStack, bench: Bench): Promise<Contestant> {
  const { said: port, program } = stack.use(await started('echo-server.ts'))
  const client = stack.use(new HttpClient(`http://127.0.0.1:${port}`))
  const send = () => client.send({ path: '/', json: { args: [PAYLOAD] } })
  return contestant('plain HTTP POST', 'limit', bench, send, [program.pid])
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
  const pids = (await processesOf(installation.dir)).map(({ pid }) => pid)
  return [
    contestant('Sluice, by its API', 'ours', bench, () => client.send(request), pids),
    contestant('Sluice, by its SDK', 'ours', bench, () => echo.remote(PAYLOAD), pids),
  ]
}

async function bull(stack: AsyncDisposableStack, bench: Bench): Promise<Contestant[]> {
  const command = onPath('redis-server')
  if (!command) {
    bench.skip('BullMQ on Redis', 'there is no redis-server on PATH: apt-get install redis-server')
    return []
  }
  if (!(await hasPackages('BullMQ', bench))) return []
  const redis = stack.use(await Redis.start(command))
  const { port } = redis
  const connection = { host: '127.0.0.1', port }
  const { program } = stack.use(await started('bull-worker.ts', [String(port), String(CONCURRENCY)]))
  const { Queue, QueueEvents } = bullmq()
  const queue = stack.adopt(new Queue('echo', { connection }), (it) => it.close())
  const events = stack.adopt(new QueueEvents('echo', { connection }), (it) => it.close())
  // Whoever waits for a job listens to both.
  for (const heard of [queue, events]) heard.setMaxListeners(0)
  await events.waitUntilReady()
  const send = async () => {
    const job = await queue.add('echo', PAYLOAD, { removeOnComplete: { count: KEPT } })
    return job.waitUntilFinished(events)
  }
  return [contestant('BullMQ on Redis', 'peer', bench, send, [redis.pid, program.pid])]
}

/** @param pids of all that answers the calls */
function contestant(
  name: string,
  side: Contestant['side'],
  { sliceMs }: Bench,
  send: () => Promise<unknown>,
  pids: number[],
): Contestant {
  const call = async () => void (await send())
  const everybody = [process.pid, ...pids]
  const run = async (): Promise<Sample> => {
    const { p50, p99, rate: rate1 } = await load(call, 1, sliceMs)
    const before = cpuTime(everybody)
    const { rate: rate16, count } = await load(call, 16, sliceMs)
    const cpu = (cpuTime(everybody) - before) / count
    const { rate: rate64 } = await load(call, 64, sliceMs)
    return { p50, p99, rate1, rate16, rate64, cpu }
  }
  return { name, side, run }
}
