import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Table from 'cli-table3'

/** Rounds are interleaved, and what is shown is the median of each round's own ratio: other load hits both sides alike. */
const ROUNDS = 7
const PER_ROUND = { 1: 300, 16: 1500 } as const

const APP = `import { App } from 'sluice'
const app = new App('bench')
export const echo = app.function({ minContainers: 1, concurrency: 16 }, async (value: unknown) => value)
export const page = app.web({ minContainers: 1 }, () => new Response('hello'))
export default app
`
const ECHO_SERVER = `require('node:http').createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => { body += chunk })
  request.on('end', () => response.end(JSON.stringify({ result: JSON.parse(body || '{}') })))
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`

interface Contestant {
  name: string
  send: () => Promise<void>
}

const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'))
const agent = new Agent({ keepAlive: true })
const bare = spawn(process.execPath, ['-e', ECHO_SERVER], { stdio: ['ignore', 'pipe', 'inherit'] })
const dir = join(folder, 'state')
try {
  const [port] = await once(bare.stdout, 'data')
  await sluice('up', '--detach', '--dir', dir, '--port', '0', '--ingress-port', '0')
  await measure(await contestants(`http://127.0.0.1:${String(port).trim()}`))
} finally {
  agent.destroy()
  bare.kill()
  await sluice('down', '--dir', dir)
  await rm(folder, { recursive: true })
}

async function contestants(bareUrl: string): Promise<[Contestant, ...Contestant[]]> {
  const entry = join(folder, 'app.ts')
  await writeFile(entry, APP)
  await sluice('deploy', entry)
  const { url, ingressUrl } = JSON.parse(await readFile(join(dir, 'control-plane.json'), 'utf8'))
  const authorization = `Bearer ${(await readFile(join(dir, 'token'), 'utf8')).trim()}`
  const args = [{ hello: 'world', number: 42 }]
  const callUrl = `${url}/v1/apps/bench/functions/echo/calls`
  const ingressPort = new URL(ingressUrl).port
  return [
    { name: 'bare HTTP', send: () => exchange(bareUrl, {}, { args }) },
    {
      name: 'warm call: accepted, recorded, answered',
      send: () =>
        exchange(callUrl, { authorization, 'content-type': 'application/json' }, { args, wait: 20 }),
    },
    {
      name: 'web request through the ingress',
      send: () =>
        exchange(`http://127.0.0.1:${ingressPort}/`, { host: `bench-page.localhost:${ingressPort}` }),
    },
  ]
}

/** The command line, in processes of its own, so that nothing shares a thread with the client that measures. */
async function sluice(...args: string[]): Promise<void> {
  const main = join(import.meta.dirname, '..', 'cli', 'main.ts')
  await promisify(execFile)(process.execPath, [main, ...args], { env: { ...process.env, SLUICE_DIR: dir } })
}

async function measure([reference, ...others]: [Contestant, ...Contestant[]]): Promise<void> {
  const table = new Table({ head: ['', 'at once', 'p50 ms', 'x bare p50', 'per second', 'x bare rate'] })
  for (const atOnce of [1, 16] as const) {
    const rounds: { p50: number; rate: number }[][] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const results = []
      for (const { send } of [reference, ...others]) results.push(await run(send, atOnce))
      // The first round warms everything up.
      if (round > 0) rounds.push(results)
    }
    for (const [i, { name }] of [reference, ...others].entries()) {
      const of = (pick: (round: { p50: number; rate: number }[]) => number) => median(rounds.map(pick))
      const at = (round: { p50: number; rate: number }[], index: number) =>
        round[index] ?? { p50: 0, rate: 0 }
      table.push([
        name,
        atOnce,
        of((round) => at(round, i).p50).toFixed(2),
        of((round) => at(round, i).p50 / at(round, 0).p50).toFixed(1),
        of((round) => at(round, i).rate).toFixed(0),
        of((round) => at(round, i).rate / at(round, 0).rate).toFixed(2),
      ])
    }
  }
  console.log(table.toString())
}

async function run(send: () => Promise<void>, atOnce: 1 | 16): Promise<{ p50: number; rate: number }> {
  const times: number[] = []
  const began = performance.now()
  let left = PER_ROUND[atOnce]
  const worker = async () => {
    while (left-- > 0) {
      const start = performance.now()
      await send()
      times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { p50: median(times), rate: (1000 * times.length) / (performance.now() - began) }
}

async function exchange(url: string, headers: Record<string, string>, body?: unknown): Promise<void> {
  const sent = request(url, { method: body === undefined ? 'GET' : 'POST', agent, headers })
  sent.end(body === undefined ? undefined : JSON.stringify(body))
  const [response] = await once(sent, 'response')
  response.resume()
  await once(response, 'end')
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`)
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
