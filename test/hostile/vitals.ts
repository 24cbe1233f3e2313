import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Installation } from '../e2e/installation.ts'
import { until } from '../e2e/reached.ts'

const MEMORY = /^memory (\d+) bytes$/gm

export interface Vitals {
  /** Bytes that are in use after the garbage has been collected. */
  heap: number
  descriptors: number
}

/** Starts a control plane that tells how it is doing. */
export async function startWatched(start: () => Promise<Installation>): Promise<Installation> {
  const before = process.env.NODE_OPTIONS
  process.env.NODE_OPTIONS = `--expose-gc --import=${fileURLToPath(new URL('report-memory.ts', import.meta.url))}`
  try {
    return await start()
  } finally {
    if (before === undefined) delete process.env.NODE_OPTIONS
    else process.env.NODE_OPTIONS = before
  }
}

export async function vitalsOf(installation: Installation): Promise<Vitals> {
  const told = () => [...installation.output.matchAll(MEMORY)]
  const before = told().length
  process.kill(installation.pid, 'SIGUSR2')
  await until('the control plane to tell of its memory', () => told().length > before)
  const descriptors = await readdir(`/proc/${installation.pid}/fd`)
  return { heap: Number(told().at(-1)?.[1]), descriptors: descriptors.length }
}
