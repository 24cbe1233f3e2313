import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AppDescription } from '../../protocol/author.ts'
import { type Bundle, CODE, MAP } from './bundle.ts'

/** Milliseconds that the author's file may take to load. */
const LOAD_WITHIN = 30_000
/** Milliseconds that its output may still come after it has ended. */
const OUTPUT_WITHIN = 500

const PROGRAM = 'describe-child'
/** Beside this file, and of its kind: TypeScript in a clone, JavaScript in the built package. */
const SOURCE = join(import.meta.dirname, `${PROGRAM}${extname(import.meta.filename)}`)

/** What the loading process says about the bundle. */
export type Described =
  | { kind: 'described'; description: AppDescription }
  | { kind: 'faults'; faults: string[] }
  /** By the SDK, at the place in the author's files, which is absolute. */
  | { kind: 'refused'; message: string; place: string }
  | { kind: 'threw'; message: string; stack: string | undefined }

/** How the load ended. */
export interface Loaded {
  answer: Described | undefined
  code: number | null
  /** Set where it took longer, and was killed. */
  timedOutAfterMs: number | undefined
  output: string
}

interface Started {
  /** What it may read. */
  folder: string
  child: ChildProcess
  ended: Promise<unknown>
  output: () => string
}

/**
 * A process that loads an author's bundle, once. It begins before there is one: to start takes it as long as the bundler
 * needs.
 */
export class LoadingProcess implements AsyncDisposable {
  readonly #started = start()

  constructor({ signal }: { signal?: AbortSignal | undefined } = {}) {
    this.#started.then(
      ({ child }) => endWith(child, signal),
      // Told to whoever wants to load.
      () => undefined,
    )
  }

  /** @param base the folder that the sources of the bundle's map are relative to */
  async load({ code, map }: Bundle, base: string): Promise<Loaded> {
    const { folder, child, ended, output } = await this.#started
    const file = join(folder, CODE)
    await Promise.all([writeFile(file, code), writeFile(join(folder, MAP), withAbsoluteSources(map, base))])
    let answer: Described | undefined
    child.on('message', (message: Described) => {
      answer = message
      // All that there is to know is known, and what the bundle has begun may take long to end.
      if (message.kind === 'described') child.kill('SIGKILL')
    })
    // One that has ended is told of by its exit.
    child.send(file, () => undefined)
    const impatience = setTimeout(() => child.kill('SIGKILL'), LOAD_WITHIN)
    await ended
    clearTimeout(impatience)
    const timedOutAfterMs = !answer && child.signalCode === 'SIGKILL' ? LOAD_WITHIN : undefined
    return { answer, code: child.exitCode, timedOutAfterMs, output: output() }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const started = await this.#started.catch(() => undefined)
    if (!started) return
    started.child.kill('SIGKILL')
    await started.ended
    await rm(started.folder, { recursive: true, force: true })
  }
}

function endWith(child: ChildProcess, signal: AbortSignal | undefined): void {
  const end = () => child.kill('SIGKILL')
  if (signal?.aborted) end()
  else signal?.addEventListener('abort', end, { once: true })
}

async function start(): Promise<Started> {
  const program = await compiled()
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'))
  const file = join(folder, `${PROGRAM}.mjs`)
  await writeFile(file, program)
  const child = fork(file, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: ['--enable-source-maps'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
  const ended = endOf(child)
  ended.catch(() => undefined)
  return { folder, child, ended, output: () => output }
}

/** As JavaScript, since Node.js takes longer to strip types than to start. */
async function compiled(): Promise<Uint8Array> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [SOURCE],
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    logLevel: 'silent',
  })
  const [program] = outputFiles
  if (!program) throw new Error(`esbuild made nothing of ${SOURCE}`)
  return program.contents
}

/** A process that the author's file has started may hold the pipes open for ever. */
async function endOf(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  await once(child, 'exit')
  const impatience = setTimeout(() => {
    child.stdout?.destroy()
    child.stderr?.destroy()
  }, OUTPUT_WITHIN)
  await closed
  clearTimeout(impatience)
}

/** The map's sources are relative to the app's folder, where the bundle does not lie now. */
function withAbsoluteSources(map: Uint8Array, folder: string): string {
  const parsed: { sources: string[] } = JSON.parse(Buffer.from(map).toString())
  const base = pathToFileURL(`${folder}/`)
  return JSON.stringify({ ...parsed, sources: parsed.sources.map((source) => new URL(source, base).href) })
}
