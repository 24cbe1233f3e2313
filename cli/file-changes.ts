import { type FSWatcher, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { unlessAborted } from './interruption.ts'

/** Milliseconds without a change after which an editor, or a checkout, is taken to be done. */
const QUIET = 100

export interface Sources {
  files: string[]
  folders: string[]
}

/** Tells when what an app is made of has changed. */
export class FileChanges implements Disposable {
  #watchers: FSWatcher[] = []
  #changed = Promise.withResolvers<void>()
  #count = 0
  #isLenient = false

  /**
   * Looks at these from now on, and at nothing else.
   * @param readAt when they were read, milliseconds since the epoch: what was changed since counts as well
   */
  async watch({ files, folders }: Sources, readAt: number): Promise<void> {
    this.#close()
    this.#isLenient = false
    // Editors write a new file in place of the old one, which whoever watches that one does not see.
    for (const [folder, names] of byFolder(files)) {
      this.#look(folder, false, (name) => name === null || names.has(name))
    }
    for (const folder of folders) this.#look(folder, true, () => true)
    for (const file of files) {
      const known = await stat(file).catch(() => undefined)
      if (!known || known.mtimeMs >= readAt) this.note()
    }
  }

  /** From now on whatever changes nearby counts: where the files are wrong, it is not known which these are. */
  countAnything(): void {
    this.#isLenient = true
  }

  /** Has it count as a change that something is to be done again. */
  note(): void {
    this.#count++
    this.#changed.resolve()
  }

  /** Resolves once something has changed, and nothing more does; at once where it is aborted. */
  async next(signal: AbortSignal): Promise<void> {
    await unlessAborted(this.#changed.promise, signal)
    for (let seen = -1; seen !== this.#count && !signal.aborted; ) {
      seen = this.#count
      await sleep(QUIET)
    }
    this.#changed = Promise.withResolvers()
  }

  [Symbol.dispose](): void {
    this.#close()
  }

  #look(folder: string, recursive: boolean, counts: (name: string | null) => boolean): void {
    // A folder that goes away is a change, which the next bundle tells about.
    try {
      const watcher = watch(folder, { recursive }, (_, name) => {
        if (this.#isLenient || counts(name)) this.note()
      })
      watcher.on('error', () => this.note())
      this.#watchers.push(watcher)
    } catch {
      this.note()
    }
  }

  #close(): void {
    for (const watcher of this.#watchers.splice(0)) watcher.close()
  }
}

function byFolder(files: string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>()
  for (const file of files) {
    const names = folders.get(dirname(file)) ?? new Set<string>()
    folders.set(dirname(file), names.add(basename(file)))
  }
  return folders
}
