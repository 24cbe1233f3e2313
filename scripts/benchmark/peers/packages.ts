import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bench } from '../bench.ts'

const FOLDER = join(import.meta.dirname, 'packages')
const MANIFEST = join(FOLDER, 'package.json')

interface Connection {
  connection: { host: string; port: number }
}

interface Emitter {
  setMaxListeners(most: number): void
}

/** As much of BullMQ as the benchmark uses. */
interface BullMq {
  Queue: new (
    name: string,
    options: Connection,
  ) => {
    add(
      name: string,
      data: unknown,
      options: object,
    ): Promise<{ waitUntilFinished(events: unknown): Promise<unknown> }>
    close(): Promise<void>
  } & Emitter
  QueueEvents: new (
    name: string,
    options: Connection,
  ) => { waitUntilReady(): Promise<unknown>; close(): Promise<void> } & Emitter
  Worker: new <Data>(
    name: string,
    handler: (job: { data: Data }) => Promise<unknown>,
    options: Connection & { concurrency: number },
  ) => { waitUntilReady(): Promise<unknown>; close(): Promise<void> }
}

/** To be asked for once the packages are installed. */
export const bullmq = (): BullMq => createRequire(MANIFEST)('bullmq')

/** The program that starts and reloads others; to be asked for once the packages are installed. */
export const pm2 = (): string => createRequire(MANIFEST).resolve('pm2/bin/pm2')

/**
 * What the lockfile in `packages/` names, unless it is there already: none of it is a dependency of Sluice.
 * @returns whether it is there; if not, the peer is skipped
 */
export async function hasPackages(peer: string, bench: Bench): Promise<boolean> {
  try {
    if (!(await areInstalled())) {
      await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: FOLDER })
    }
    return true
  } catch (error) {
    bench.skip(peer, `npm cannot install it here: ${String(error).split('\n', 2).join(' ')}`)
    return false
  }
}

async function areInstalled(): Promise<boolean> {
  const there = join(FOLDER, 'node_modules', '.package-lock.json')
  if (!existsSync(there)) return false
  const [wanted, installed] = await Promise.all(
    [join(FOLDER, 'package-lock.json'), there].map(async (path) => {
      const { packages } = JSON.parse(await readFile(path, 'utf8'))
      return ['bullmq', 'ioredis', 'pm2'].map((name) => packages[`node_modules/${name}`]?.version).join()
    }),
  )
  return wanted === installed
}
