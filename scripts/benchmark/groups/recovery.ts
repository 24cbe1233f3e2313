import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContainerView } from '../../../protocol/api.ts'
import { AppFolder } from '../../../test/e2e/app-folder.ts'
import { Installation } from '../../../test/e2e/installation.ts'
import { until } from '../../../test/e2e/reached.ts'
import type { Bench } from '../bench.ts'
import type { Group } from '../group.ts'
import { bullmq, hasPackages } from '../peers/packages.ts'
import { Redis } from '../peers/redis.ts'
import { onPath, started } from '../program.ts'
import { type Contestant, interleaved, type Measure, rowsOf, setUp } from '../rounds.ts'

const POOL = 2

/** The first attempt leaves its process behind and never ends; the next one returns when it began. */
const APP = `import { existsSync, writeFileSync } from 'node:fs'
import { App } from 'sluice'
const app = new App('bench')
export const hardy = app.function({ minContainers: ${POOL} }, async (file: string) => {
  if (existsSync(file)) return Date.now()
  writeFileSync(file, String(process.ppid))
  return new Promise(() => setInterval(() => {}, 1_000))
})
export default app
`

const MEASURES: Record<string, Measure> = {
  moved: { title: 'killed, to its call running elsewhere', unit: 'ms', digits: 0 },
}

export const recovery: Group = {
  name: 'recovery',
  title: 'A container that is killed with a call in it',
  async run(bench) {
    await using stack = new AsyncDisposableStack()
    const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'sluice-recovery-')), (path) =>
      rm(path, { recursive: true }),
    )
    const contestants = [
      await sluice(stack, folder),
      ...(await setUp('BullMQ on Redis', bench, () => bull(stack, bench, folder))),
    ]
    return rowsOf(recovery.name, MEASURES, await interleaved(contestants, bench, false))
  },
}

async function sluice(stack: AsyncDisposableStack, folder: string): Promise<Contestant> {
  const installation = stack.use(await Installation.start())
  const app = stack.use(await AppFolder.create({ 'app.ts': APP }))
  await installation.run('deploy', app.entry)
  const call = async (file: string) => {
    const args = { args: [file], wait: 20 }
    const { body } = await installation.api('POST', '/v1/apps/bench/functions/hardy/calls', args)
    return Number(body.result)
  }
  const isWhole = async () => {
    const { items } = (await installation.api('GET', '/v1/apps/bench/containers')).body
    return items.filter(({ state }: ContainerView) => state === 'ready').length === POOL
  }
  const run = async (round: number) => {
    await until('the warm pool to be whole', isWhole)
    return { moved: await killed(join(folder, `sluice-${round}`), call) }
  }
  return { name: 'Sluice', side: 'ours', run }
}

/** Two workers, as it comes: a job is found to be stalled by the clock alone. */
async function bull(stack: AsyncDisposableStack, bench: Bench, folder: string): Promise<Contestant[]> {
  const command = onPath('redis-server')
  if (!command || !bench.isWhole) {
    const isThere = 'it takes a minute, so it has its turn in runs of 7 rounds and more'
    bench.skip(
      'BullMQ on Redis',
      command ? isThere : 'there is no redis-server on PATH: apt-get install redis-server',
    )
    return []
  }
  if (!(await hasPackages('BullMQ', bench))) return []
  const { port } = stack.use(await Redis.start(command))
  const connection = { host: '127.0.0.1', port }
  for (let n = 0; n < POOL; n++) stack.use(await started('bull-hardy.ts', [String(port)]))
  const { Queue, QueueEvents } = bullmq()
  const queue = stack.adopt(new Queue('hardy', { connection }), (it) => it.close())
  const events = stack.adopt(new QueueEvents('hardy', { connection }), (it) => it.close())
  await events.waitUntilReady()
  const call = async (file: string) => {
    const job = await queue.add('hardy', { file }, { removeOnComplete: { count: 10 } })
    return Number(await job.waitUntilFinished(events))
  }
  const run = async (round: number) =>
    round === 0 ? { moved: await killed(join(folder, 'bullmq'), call) } : { moved: Number.NaN }
  return [{ name: 'BullMQ on Redis, once', side: 'peer', run }]
}

/** Milliseconds from the end of the process that runs the call to its next attempt. */
async function killed(file: string, call: (file: string) => Promise<number>): Promise<number> {
  const begun = call(file)
  let pid = 0
  await until('the call to run', async () => {
    pid = Number(await readFile(file, 'utf8').catch(() => '0'))
    return pid > 0
  })
  const died = Date.now()
  process.kill(pid, 'SIGKILL')
  return (await begun) - died
}
