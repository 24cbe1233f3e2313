import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { isAlive, killGroup, type ProcessIdentity } from './processes.ts'

const ID = /^[A-Za-z0-9_-]{1,64}$/
/** A killed process is gone within moments; one that hangs in the kernel is not worth more waiting. */
const DEATH_MS = 5_000
const POLL_MS = 10

export interface LaunchedProcess extends ProcessIdentity {
  /** Where it looks for its control plane, for as long as it lives. */
  apiUrl: string
}

/**
 * Kills every container that was left in a state folder; the next control plane then learns of their end.
 * @returns how many were alive
 */
export async function killLeftovers(dir: string): Promise<number> {
  const folders = new ContainerFolders(dir)
  const alive = await Promise.all(folders.list().map((id) => folders.kill(id)))
  return alive.filter(Boolean).length
}

/**
 * The folders of containers, `DIR/containers/<id>`: each with the author's files and, in `process.json`, which process
 * the container is. A folder is there until the end of its process has been told.
 */
export class ContainerFolders {
  readonly #parent: string

  constructor(dir: string) {
    this.#parent = join(dir, 'containers')
  }

  list(): string[] {
    mkdirSync(this.#parent, { recursive: true })
    return readdirSync(this.#parent).filter((name) => ID.test(name))
  }

  /** Where the author's files appear. */
  createRoot(id: string): string {
    const root = join(this.#folder(id), 'root')
    mkdirSync(root, { recursive: true })
    return root
  }

  record(id: string, launched: LaunchedProcess): void {
    const file = join(this.#folder(id), 'process.json')
    writeFileSync(`${file}.new`, JSON.stringify(launched))
    renameSync(`${file}.new`, file)
  }

  /** Undefined if the container was never started, its folder is gone, or a power cut left half a file. */
  read(id: string): LaunchedProcess | undefined {
    try {
      return JSON.parse(readFileSync(join(this.#folder(id), 'process.json'), 'utf8'))
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  /** Kills the container if it is alive, and waits for its end; returns whether it was. */
  async kill(id: string): Promise<boolean> {
    const identity = this.read(id)
    if (!identity) return false
    const wasAlive = isAlive(identity)
    killGroup(identity)
    await ended(identity)
    return wasAlive
  }

  /** Repeats itself, as processes that are dying may still write. */
  async remove(id: string): Promise<void> {
    await rm(this.#folder(id), { recursive: true, force: true, maxRetries: 5 })
  }

  #folder(id: string): string {
    if (!ID.test(id)) throw new Error(`"${id}" is not the id of a container`)
    return join(this.#parent, id)
  }
}

async function ended(identity: ProcessIdentity): Promise<void> {
  for (let waited = 0; isAlive(identity) && waited < DEATH_MS; waited += POLL_MS) await setTimeout(POLL_MS)
}
