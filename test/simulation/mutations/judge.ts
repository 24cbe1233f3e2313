import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Mutation } from './mutation.ts'
import type { Word } from './run.ts'

export interface Verdict {
  mutation: string
  /** Absent where the mutation survived. */
  found?: { seed: number; broken: string }
}

const LOADER = join(import.meta.dirname, 'load.ts')
const RUN = join(import.meta.dirname, 'run.ts')
/** A seed takes a fraction of a second. Milliseconds after which one that does not end counts as one that found something. */
const HUNG_MS = 120_000

/** What the simulation says of the source with this fault in it, up to the first seed that finds it. */
export async function judge({ name }: Mutation, seeds: number): Promise<Verdict> {
  const child = spawn(process.execPath, ['--import', LOADER, RUN, '--seeds', String(seeds)], {
    env: { ...process.env, SLUICE_MUTATION: name, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  let complaint = ''
  child.stderr.on('data', (data) => {
    complaint += data
  })
  const hung = setTimeout(() => child.kill('SIGKILL'), HUNG_MS)
  let last: Word = { seed: 0 }
  for await (const line of createInterface({ input: child.stdout })) {
    hung.refresh()
    last = JSON.parse(line)
  }
  clearTimeout(hung)
  const [code, signal] = await ended
  const { seed } = last
  if ('broken' in last) return { mutation: name, found: { seed, broken: last.broken } }
  if (signal !== null) return { mutation: name, found: { seed, broken: 'it never ends' } }
  if (code !== 0) return { mutation: name, found: { seed, broken: lastLine(complaint) } }
  return { mutation: name }
}

/** Of what Node.js prints as it gives up, the error. */
const lastLine = (text: string): string =>
  /^\w*Error\b.*$/m.exec(text)?.[0] ?? text.trim().split('\n').at(-1) ?? ''
