import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { prepare } from '../../../sdk/deploy/prepare.ts'
import { AppFolder } from '../../../test/e2e/app-folder.ts'
import { Installation } from '../../../test/e2e/installation.ts'
import { fineCpuTime } from '../cpu-time.ts'
import type { Group } from '../group.ts'
import { type Contestant, interleaved, type Measure, rowsOf } from '../rounds.ts'

const FEW = 10
const MANY = 1_000
/** For a quick look. */
const SOME = 20
/** Loads' worth of time that is watched, since there is little to see. */
const SLICES = 3

const APP = `import { App } from 'sluice'
const app = new App('bench')
export const echo = app.function(async (value: unknown) => value)
export default app
`

const MEASURES: Record<string, Measure> = {
  cpu: { title: 'time of a core', unit: '%' },
  memory: { title: 'memory', unit: 'MiB', digits: 0 },
}

export const idle: Group = {
  name: 'idle',
  title: 'A control plane that nobody asks for anything',
  async run(bench) {
    await using stack = new AsyncDisposableStack()
    const contestants = [
      await contestant(stack, FEW, 'limit', bench.sliceMs),
      await contestant(stack, bench.isWhole ? MANY : SOME, 'ours', bench.sliceMs),
    ]
    return rowsOf(idle.name, MEASURES, await interleaved(contestants, bench))
  },
}

/** Started anew once the apps are there: what deploys leave in memory is another matter. */
async function contestant(
  stack: AsyncDisposableStack,
  apps: number,
  side: Contestant['side'],
  sliceMs: number,
): Promise<Contestant> {
  const installation = stack.use(await Installation.start())
  await deployMany(installation, apps)
  await installation.kill('SIGTERM')
  await installation.up()
  const run = async () => {
    const before = fineCpuTime(installation.pid)
    const began = performance.now()
    await pause(SLICES * sliceMs)
    const tookMicroseconds = (performance.now() - began) * 1_000
    const cpu = (100 * (fineCpuTime(installation.pid) - before)) / tookMicroseconds
    return { cpu, memory: memoryOf(installation.pid) }
  }
  return { name: `with ${apps.toLocaleString('en')} apps`, side, run }
}

async function deployMany(installation: Installation, apps: number): Promise<void> {
  await using folder = await AppFolder.create({ 'app.ts': APP })
  await installation.run('deploy', folder.entry)
  const { manifest } = await prepare(folder.entry)
  for (let n = 1; n < apps; n++) {
    const app = `bench-${n}`
    const body = { manifest: { ...manifest, app } }
    const { status } = await installation.api('POST', `/v1/apps/${app}/versions`, body)
    if (status !== 202) throw new Error(`The deploy of ${app} was answered with ${status}.`)
  }
}

/** MiB that are in memory. */
function memoryOf(pid: number): number {
  const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) / 1_024
}
