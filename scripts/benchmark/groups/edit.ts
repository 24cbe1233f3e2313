import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { build } from 'esbuild'
import { deployFile } from '../../../sdk/deploy/deploy.ts'
import { Client } from '../../../sdk/index.ts'
import { AppFolder } from '../../../test/e2e/app-folder.ts'
import { Installation } from '../../../test/e2e/installation.ts'
import { HttpClient } from '../client.ts'
import { eightFunctions, shared, write } from '../eight-functions.ts'
import type { Group } from '../group.ts'
import { freePort, Program } from '../program.ts'
import { type Contestant, interleaved, type Measure, rowsOf } from '../rounds.ts'

const MEASURES: Record<string, Measure> = {
  edit: { title: 'a line changed, to the first answer with it', unit: 'ms', digits: 0 },
}
/** Milliseconds between two looks whether the new answer is there. */
const LOOK_MS = 1
/** Milliseconds after which an answer that has not come never will. */
const PATIENCE_MS = 30_000
/** Milliseconds that a watcher of files may take to be ready for the next change. */
const SETTLE_MS = 300

export const edit: Group = {
  name: 'edit',
  title: 'From an edit to its effect',
  async run(bench) {
    await using stack = new AsyncDisposableStack()
    const contestants = [await bare(stack), await sluice(stack), await watched(stack)]
    return rowsOf(edit.name, MEASURES, await interleaved(contestants, bench))
  },
}

/** The least that can be done: one bundle, and one process that is started with it. */
async function bare(stack: AsyncDisposableStack): Promise<Contestant> {
  const folder = await serverFolder(stack)
  const run = async (round: number) => {
    const port = await freePort()
    const began = performance.now()
    await writeFile(join(folder, 'mark.mjs'), mark(round))
    await build({
      entryPoints: [join(folder, 'server.mjs')],
      outfile: join(folder, 'bundle.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
    })
    await using _server = new Program(process.execPath, [join(folder, 'bundle.mjs'), String(port)])
    await answered({ port, host: 'localhost' }, `round ${round}`)
    return { edit: performance.now() - began }
  }
  return { name: 'esbuild, and the start of a server', side: 'limit', run }
}

async function sluice(stack: AsyncDisposableStack): Promise<Contestant> {
  const { url, token, ...installation } = await installed(stack)
  const folder = stack.use(await AppFolder.create())
  await write(folder, eightFunctions('bench', 'at first'))
  const { api } = new Client({ url, token })
  await deployFile({ api, entry: folder.entry })
  const run = async (round: number) => {
    const began = performance.now()
    await folder.write('shared.ts', shared(`round ${round}`))
    const seen = answered(installation, `web round ${round}`).then(() => performance.now())
    await deployFile({ api, entry: folder.entry })
    return { edit: (await seen) - began }
  }
  return { name: 'Sluice, a deploy of eight functions', side: 'ours', run }
}

async function installed(stack: AsyncDisposableStack) {
  const installation = stack.use(await Installation.start())
  const { host } = installation.address('bench-web')
  return { url: installation.url, token: installation.token, port: installation.ingressPort, host }
}

/** What comes with Node.js: the server is stopped and started again, so that requests fail meanwhile. */
async function watched(stack: AsyncDisposableStack): Promise<Contestant> {
  const [folder, port] = [await serverFolder(stack), await freePort()]
  await writeFile(join(folder, 'mark.mjs'), mark(-2))
  stack.use(new Program(process.execPath, ['--watch', join(folder, 'server.mjs'), String(port)]))
  await answered({ port, host: 'localhost' }, 'round -2')
  const run = async (round: number) => {
    await pause(SETTLE_MS)
    const began = performance.now()
    await writeFile(join(folder, 'mark.mjs'), mark(round))
    await answered({ port, host: 'localhost' }, `round ${round}`)
    return { edit: performance.now() - began }
  }
  return { name: 'node --watch, one server', side: 'peer', run }
}

const mark = (round: number): string => `export const MARK = 'round ${round}'\n`

async function serverFolder(stack: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-edit-'))
  stack.defer(() => rm(folder, { recursive: true }))
  await writeFile(
    join(folder, 'server.mjs'),
    `import { createServer } from 'node:http'
import { MARK } from './mark.mjs'
createServer((_, response) => response.end(MARK)).listen(Number(process.argv[2]), '127.0.0.1')
`,
  )
  return folder
}

/** Asks until that is what is answered. */
async function answered({ port, host }: { port: number; host: string }, text: string): Promise<void> {
  await using client = new HttpClient(`http://127.0.0.1:${port}`, 1)
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; ) {
    const answer = await client.send({ path: '/', headers: { host } }).catch(() => undefined)
    if (answer === text) return
    await pause(LOOK_MS)
  }
  throw new Error(`${host} never answered "${text}".`)
}
