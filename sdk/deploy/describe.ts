import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AppDescription } from '../../protocol/author.ts'
import { type Bundle, CODE, MAP } from './bundle.ts'
import { DeployFault } from './fault.ts'

/** Milliseconds that the author's file may take to load. */
const LOAD_WITHIN = 30_000
/** Milliseconds that its output may still come after it has ended. */
const OUTPUT_WITHIN = 500
/** Node.js ends so where a top-level `await` can never settle. */
const UNSETTLED = 13
/** Lines of the file's own output that are worth showing. */
const OUTPUT_LINES = 20

/** Beside this file, and of its kind: TypeScript in a clone, JavaScript in the built package. */
const CHILD = join(import.meta.dirname, `describe-child${extname(import.meta.filename)}`)

/** What the loading process says about the bundle. */
export type Described =
  | { kind: 'described'; description: AppDescription }
  | { kind: 'faults'; faults: string[] }
  /** By the SDK, at the place in the author's files, which is absolute. */
  | { kind: 'refused'; message: string; place: string }
  | { kind: 'threw'; message: string; stack: string | undefined }

/**
 * Learns what the app is made of by loading its bundle once, in a process of its own.
 * @throws DeployFault where it cannot be loaded, takes longer than `timeoutMs`, or is no app
 */
export async function describe(
  bundle: Bundle,
  entry: string,
  { timeoutMs = LOAD_WITHIN, signal }: { timeoutMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<AppDescription> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'))
  try {
    const file = join(folder, CODE)
    await writeFile(file, bundle.code)
    await writeFile(join(folder, MAP), withAbsoluteSources(bundle.map, dirname(entry)))
    return await load(file, entry, { timeoutMs, signal })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The map's sources are relative to the app's folder, where the bundle does not lie now. */
function withAbsoluteSources(map: Uint8Array, folder: string): string {
  const parsed: { sources: string[] } = JSON.parse(Buffer.from(map).toString())
  const base = pathToFileURL(`${folder}/`)
  return JSON.stringify({ ...parsed, sources: parsed.sources.map((source) => new URL(source, base).href) })
}

async function load(
  file: string,
  entry: string,
  { timeoutMs, signal: abort }: { timeoutMs: number; signal: AbortSignal | undefined },
): Promise<AppDescription> {
  const child = fork(CHILD, [file], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--enable-source-maps'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  abort?.addEventListener('abort', () => child.kill('SIGKILL'), { once: true })
  let answer: Described | undefined
  let output = ''
  child.on('message', (message: Described) => {
    answer = message
  })
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
  const [code, signal] = await ended(child)
  if (answer?.kind === 'described') return answer.description
  throw faultOf(entry, answer, { code, timedOut: signal === 'SIGKILL', timeoutMs, output })
}

/** A process that the author's file has started may hold the pipes open for ever. */
async function ended(child: ChildProcess): Promise<[code: number | null, signal: string | null]> {
  const closed = once(child, 'close')
  await once(child, 'exit')
  const impatience = setTimeout(() => {
    child.stdout?.destroy()
    child.stderr?.destroy()
  }, OUTPUT_WITHIN)
  await closed
  clearTimeout(impatience)
  return [child.exitCode, child.signalCode]
}

interface Ending {
  code: number | null
  timedOut: boolean
  timeoutMs: number
  output: string
}

function faultOf(entry: string, answer: Described | undefined, ending: Ending): DeployFault {
  const name = basename(entry)
  const output = lastLines(ending.output)
  if (answer?.kind === 'faults') return new DeployFault(`${name}: ${answer.faults.join(' ')}`)
  if (answer?.kind === 'refused') {
    return new DeployFault(`${relative(dirname(entry), answer.place)}: ${answer.message}`)
  }
  if (answer?.kind === 'threw') {
    const detail = [answer.stack, output].filter(Boolean).join('\n\n')
    return new DeployFault(`${name} could not be loaded: ${answer.message}`, detail)
  }
  return new DeployFault(`${name} ${howItEnded(ending)}`, ending.code === UNSETTLED ? undefined : output)
}

function howItEnded({ code, timedOut, timeoutMs }: Ending): string {
  if (timedOut) {
    return `was still loading after ${timeoutMs / 1000} s. What takes long belongs in a function, not at the top of the file.`
  }
  if (code === UNSETTLED) return 'waits at its top level for something that never comes.'
  return `ended the process while it was loaded (exit code ${code}).`
}

function lastLines(output: string): string | undefined {
  return output.trim().split('\n').slice(-OUTPUT_LINES).join('\n') || undefined
}
