import { type FSWatcher, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, dirname, parse } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { unlessAborted } from './interruption.ts'

/** Milliseconds without a change after which an editor, or a checkout, is taken to be done. */
const QUIET = 100

/** How Linux says that the user has as many instances of inotify, or watches, as are allowed. */
const USED_UP = ['EMFILE', 'ENOSPC']

/** Changes would go unseen. */
export class UnwatchableError extends Error {
  constructor() {
    super(
      'The system lets you watch no more folders, so changes would go unseen. Close other programs that watch files, or raise the limits, as "sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=1024" does. "sluice deploy" needs none.',
    )
    this.name = 'UnwatchableError'
  }
}

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
   * @throws UnwatchableError where the system lets no more be watched
   */
  async watch({ files, folders }: Sources, readAt: number): Promise<void> {
    this.#close()
    this.#isLenient = false
    // Editors write a new file in place of the old one, which whoever watches that one does not see.
    for (const [folder, names] of byFolder(files)) {
      this.#look(folder, false, (name) => name === null || names.has(name))
    }
    for (const folder of folders) this.#look(folder, true, () => true)
    if (folders.length > 0) refuseIfFull()
    for (const file of files) {
      const known = await stat(file).catch(() => undefined)
      // One that was moved here has the content's time, but became this file only now.
      if (!known || known.ctimeMs >= readAt) this.note()
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
    try {
      const watcher = watch(folder, { recursive }, (_, name) => {
        if (this.#isLenient || counts(name)) this.note()
      })
      watcher.on('error', () => this.note())
      this.#watchers.push(watcher)
    } catch (error) {
      refuseBlindness(error)
      // A folder that goes away is a change, which the next bundle tells about.
      this.note()
    }
  }

  #close(): void {
    for (const watcher of this.#watchers.splice(0)) watcher.close()
  }
}

/** Node.js passes over the folders in a folder that it may not watch. */
function refuseIfFull(): void {
  try {
    watch(parse(process.cwd()).root).close()
  } catch (error) {
    refuseBlindness(error)
  }
}

/** @throws UnwatchableError where it is the system that lets no more be watched */
function refuseBlindness(error: unknown): void {
  const { code = '' } = error as NodeJS.ErrnoException
  if (USED_UP.includes(code)) throw new UnwatchableError()
}

function byFolder(files: string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>()
  for (const file of files) {
    const names = folders.get(dirname(file)) ?? new Set<string>()
    folders.set(dirname(file), names.add(basename(file)))
  }
  return folders
}
