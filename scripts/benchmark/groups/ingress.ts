import { AppFolder } from '../../../test/e2e/app-folder.ts'
import { Installation } from '../../../test/e2e/installation.ts'
import type { Bench } from '../bench.ts'
import { cpuTime } from '../cpu-time.ts'
import type { Group } from '../group.ts'
import { forwarders } from '../peers/forwarders.ts'
import { type Contestant, interleaved, type Measure, rowsOf } from '../rounds.ts'
import { type Page, webLoad } from '../web-load.ts'

const CONNECTIONS = 32

/** Tells its own port, so that others can stand before the very same container. */
const APP = `import { subscribe } from 'node:diagnostics_channel'
import { App } from 'sluice'
const app = new App('bench')
let port = 0
subscribe('http.server.request.start', (message) => {
  port = (message as { socket: { localPort: number } }).socket.localPort
})
export const page = app.web({ minContainers: 1 }, () => new Response(\`\${port}\`))
export default app
`

const MEASURES: Record<string, Measure> = {
  rate: { title: `${CONNECTIONS} connections`, unit: 'requests/s', digits: 0 },
  p50: { title: 'one connection, median', unit: 'ms', digits: 3 },
  cpu: { title: 'time of a core for a request', unit: 'µs', digits: 0 },
}

export const ingress: Group = {
  name: 'ingress',
  title: 'A web request on its way to a container',
  async run(bench) {
    await using stack = new AsyncDisposableStack()
    const installation = stack.use(await Installation.start())
    const folder = stack.use(await AppFolder.create({ 'app.ts': APP }))
    await installation.run('deploy', folder.entry)
    const { body: port } = await installation.web('bench-page')
    const { host } = installation.address('bench-page')
    const others = await forwarders(stack, bench, async () => Number(port))
    const contestants = [
      contestant('the container itself', 'limit', bench, { port: Number(port), host }),
      contestant('Sluice', 'ours', bench, { port: installation.ingressPort, host }, () => [installation.pid]),
      ...others.map(({ name, forwarder }) =>
        contestant(name, 'peer', bench, { port: forwarder.port, host }, () => forwarder.pids),
      ),
    ]
    return rowsOf(ingress.name, MEASURES, await interleaved(contestants, bench))
  },
}

/** @param pids of what stands between client and container */
function contestant(
  name: string,
  side: Contestant['side'],
  { sliceMs }: Bench,
  page: Page,
  pids?: () => number[],
): Contestant {
  const run = async () => {
    const before = pids ? cpuTime(pids()) : 0
    const began = performance.now()
    const { rate } = await webLoad(page, CONNECTIONS, sliceMs)
    const requests = (rate * (performance.now() - began)) / 1_000
    const cpu = pids ? (cpuTime(pids()) - before) / requests : Number.NaN
    const { p50 } = await webLoad(page, 1, sliceMs)
    return { rate, p50, cpu }
  }
  return { name, side, run }
}
