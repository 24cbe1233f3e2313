import { join } from 'node:path'
import type { VersionView } from '../../../protocol/api.ts'
import { prepare } from '../../../sdk/deploy/prepare.ts'
import { AppFolder } from '../../../test/e2e/app-folder.ts'
import { Installation } from '../../../test/e2e/installation.ts'
import type { Bench } from '../bench.ts'
import type { Group } from '../group.ts'
import { forwarders } from '../peers/forwarders.ts'
import { hasPackages } from '../peers/packages.ts'
import { Pm2 } from '../peers/pm2.ts'
import { type Program, started } from '../program.ts'
import { type Contestant, interleaved, type Measure, rowsOf, type Sample, setUp } from '../rounds.ts'
import { spread } from '../spread.ts'
import { SwitchLoad } from '../switch-load.ts'
import type { Page } from '../web-load.ts'

/** Switches of a contestant in each of its turns. */
const SWITCHES = 5
/** Milliseconds that a request takes at most, so that there are always some in flight. */
const MOST_MS = 20
/** Seconds that the API holds its answer about a rollout. */
const WAIT = 25
const SERVER = join(import.meta.dirname, '..', 'programs', 'web-server.mjs')

const APP = `import { setTimeout as pause } from 'node:timers/promises'
import { App } from 'sluice'
const app = new App('bench')
export const page = app.web({ minContainers: 1 }, async () => {
  await pause(Math.random() * ${MOST_MS})
  return new Response(process.env.SLUICE_VERSION)
})
export default app
`

const MEASURES: Record<string, Measure> = {
  failed: { title: 'failed requests', unit: `in ${SWITCHES} switches`, digits: 0 },
  longest: { title: 'longest request', unit: 'ms', digits: 0 },
  asked: { title: 'new version asked for, to its first answer', unit: 'ms', digits: 0 },
  switched: { title: 'new version ready, to its first answer', unit: 'ms', digits: 0 },
}

/** Milliseconds on the clock of `performance.now()`; `ready`: from when on requests could go to the new version. */
interface Switch {
  version: string
  asked: number
  ready?: number
}

interface Side {
  page: Page
  /** How many of the switches are worth their time. */
  switches?: number
  switch(): Promise<Switch>
  /** What is to be done once the new version has answered. */
  after?(): Promise<void>
}

export const cutover: Group = {
  name: 'cutover',
  title: `A new version under the load of 16 kept-alive connections, half of them POST`,
  async run(bench) {
    await using stack = new AsyncDisposableStack()
    const contestants = [
      contestant('Sluice', 'ours', await sluice(stack)),
      ...(await proxied(stack, bench)),
      ...(await setUp('pm2', bench, () => clustered(stack, bench))),
    ]
    return rowsOf(cutover.name, MEASURES, await interleaved(contestants, bench, false))
  },
}

function contestant(name: string, side: Contestant['side'], it: Side): Contestant {
  const run = async (): Promise<Sample> => {
    const asked: number[] = []
    const switched: number[] = []
    const load = new SwitchLoad(it.page)
    try {
      for (let n = 0; n < (it.switches ?? SWITCHES); n++) {
        const done = await it.switch()
        const first = await load.first(done.version)
        asked.push(first - done.asked)
        if (done.ready !== undefined) switched.push(first - done.ready)
        await it.after?.()
      }
    } finally {
      await load[Symbol.asyncDispose]()
    }
    const { failed, longest } = load
    return { failed, longest, asked: spread(asked).median, switched: spread(switched).median }
  }
  return { name, side, run }
}

/** Each switch is a deploy of a new version: its container starts, and what ran before drains. */
async function sluice(stack: AsyncDisposableStack): Promise<Side> {
  const installation = stack.use(await Installation.start())
  const folder = stack.use(await AppFolder.create({ 'app.ts': APP }))
  await installation.run('deploy', folder.entry)
  const { manifest } = await prepare(folder.entry)
  let revision = 0
  return {
    page: { port: installation.ingressPort, host: installation.address('bench-page').host },
    async switch() {
      const functions = structuredClone(manifest.functions)
      for (const spec of Object.values(functions)) spec.env = { REVISION: String(++revision) }
      const asked = performance.now()
      const body = { manifest: { ...manifest, functions } }
      const { version } = (await installation.api('POST', '/v1/apps/bench/versions', body))
        .body as VersionView
      const path = `/v1/apps/bench/versions/${version}?wait=${WAIT}`
      const { rollout }: VersionView = (await installation.api('GET', path)).body
      const ready = rollout.find(({ step, state }) => step === 'ready' && state === 'done')
      if (!ready) throw new Error(`v${version} never became ready: ${JSON.stringify(rollout)}`)
      return { version: String(version), asked, ready: Date.parse(ready.at) - performance.timeOrigin }
    },
  }
}

/** Each switch starts a server, has the proxy hand on to it, and ends the one before once the new one has answered. */
async function proxied(stack: AsyncDisposableStack, bench: Bench): Promise<Contestant[]> {
  const servers = new Map<string, Program>()
  const start = async (name: string, version: string) => {
    const { program, said } = await started('web-server.mjs', [], {
      VERSION: version,
      MOST_MS: String(MOST_MS),
    })
    stack.use(program)
    const before = servers.get(name)
    servers.set(name, program)
    return { port: Number(said), before }
  }
  const found = await forwarders(stack, bench, async (name) => (await start(name, '1')).port)
  return found.map(({ name, forwarder }) => {
    let last = 1
    let before: Program | undefined
    return contestant(name, 'peer', {
      page: { port: forwarder.port, host: 'bench.localhost' },
      async switch() {
        const version = String(++last)
        const asked = performance.now()
        const next = await start(name, version)
        before = next.before
        const ready = performance.now()
        await forwarder.switchTo(next.port)
        return { version, asked, ready }
      },
      after: async () => before?.end(),
    })
  })
}

async function clustered(stack: AsyncDisposableStack, bench: Bench): Promise<Contestant[]> {
  if (!bench.isWhole) {
    bench.skip('pm2', 'it takes seconds for each, so it has its turn in runs of 7 rounds and more')
    return []
  }
  if (!(await hasPackages('pm2', bench))) return []
  const variables = (version: number) => ({ VERSION: String(version), MOST_MS: String(MOST_MS) })
  const pm2 = stack.use(await Pm2.start(SERVER, variables(1)))
  let last = 1
  return [
    contestant('pm2 reload, one switch', 'peer', {
      page: { port: pm2.port, host: 'bench.localhost' },
      switches: 1,
      async switch() {
        const [version, asked] = [++last, performance.now()]
        await pm2.reload(variables(version))
        return { version: String(version), asked }
      },
    }),
  ]
}
