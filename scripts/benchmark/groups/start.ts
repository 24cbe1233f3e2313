import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleRunner } from '../../../platforms/local/compute/runner-bundle.ts'
import { toVariables } from '../../../protocol/environment.ts'
import { bundle } from '../../../sdk/deploy/bundle.ts'
import { AppFolder } from '../../../test/e2e/app-folder.ts'
import { Installation } from '../../../test/e2e/installation.ts'
import { until } from '../../../test/e2e/reached.ts'
import { ControlPlane } from '../../../test/runner/control-plane.ts'
import type { Group } from '../group.ts'
import { Program } from '../program.ts'
import { type Contestant, interleaved, type Measure, rowsOf } from '../rounds.ts'

const APP = `import { App } from 'sluice'
const app = new App('bench')
export const echo = app.function({ scaledownWindow: 1 }, async (value: unknown) => value)
export default app
`

const MEASURES: Record<string, Measure> = {
  work: { title: 'a container, from its launch until it asks for work', unit: 'ms', digits: 0 },
  call: { title: 'a call of a function that has no container, to its result', unit: 'ms', digits: 0 },
}

export const start: Group = {
  name: 'start',
  title: 'A cold start',
  async run(bench) {
    await using stack = new AsyncDisposableStack()
    const folder = stack.use(await AppFolder.create({ 'app.ts': APP }))
    const launch = await launcher(stack, folder)
    const call = await caller(stack, folder)
    const contestants: Contestant[] = [
      { name: 'node -e 0', side: 'limit', run: async () => sameFor(await nodeStart()) },
      { name: 'Sluice', side: 'ours', run: async () => ({ work: await launch(), call: await call() }) },
    ]
    return rowsOf(start.name, MEASURES, await interleaved(contestants, bench))
  },
}

const sameFor = (ms: number) => ({ work: ms, call: ms })

async function nodeStart(): Promise<number> {
  const began = performance.now()
  const { process: started } = new Program(process.execPath, ['-e', '0'])
  await once(started, 'exit')
  return performance.now() - began
}

/** The runner as the local platform starts it, under a control plane that answers at once. */
async function launcher(stack: AsyncDisposableStack, app: AppFolder): Promise<() => Promise<number>> {
  const work = stack.adopt(await mkdtemp(join(tmpdir(), 'sluice-start-')), (path) =>
    rm(path, { recursive: true }),
  )
  const { main } = await bundleRunner(work)
  const { code } = await bundle(app.entry)
  return async () => {
    const plane = new ControlPlane({ function: 'echo', files: { 'app.mjs': code } })
    await plane.listen()
    const root = await mkdtemp(join(work, 'root-'))
    const variables = {
      apiUrl: plane.url,
      containerId: 'co-1',
      token: 'sct_co-1_secret',
      root,
      host: '127.0.0.1',
      port: 0,
      memory: 512,
    }
    const env = { PATH: process.env.PATH, ...toVariables(variables) }
    const began = performance.now()
    const runner = new Program(process.execPath, [main], { env })
    await plane.changes.until(() => plane.exchanges > 0)
    const took = performance.now() - began
    await runner.end('SIGKILL')
    await plane.goAway()
    return took
  }
}

/** A function that is scaled to zero between its calls. */
async function caller(stack: AsyncDisposableStack, app: AppFolder): Promise<() => Promise<number>> {
  const installation = stack.use(await Installation.start())
  await installation.run('deploy', app.entry)
  return async () => {
    await until('the container to be gone', async () => {
      const { items } = (await installation.api('GET', '/v1/apps/bench/containers')).body
      return items.length === 0
    })
    const began = performance.now()
    const { body } = await installation.api('POST', '/v1/apps/bench/functions/echo/calls', {
      args: [1],
      wait: 20,
    })
    if (body.status !== 'succeeded') throw new Error(`The call ended as ${JSON.stringify(body)}`)
    return performance.now() - began
  }
}
