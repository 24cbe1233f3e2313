import { execFileSync } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEGABYTES = 24
/** A page: less does not make room for anything, nor is there room for less. */
const BLOCK = Buffer.alloc(4_096)

/** A disk of its own, in memory, that can be filled up and emptied again. Only root on Linux may have one. */
export class SmallDisk implements AsyncDisposable {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** Why there can be none here, to be said aloud; false where there can. */
  static get impossible(): string | false {
    const isRoot = process.platform === 'linux' && process.getuid?.() === 0
    if (!isRoot) return 'SKIPPED: only root on Linux may mount the small disk that this fills'
    try {
      // In a container root need not have the right.
      execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' })
      return false
    } catch {
      return 'SKIPPED: this machine lets nobody mount the small disk that this fills'
    }
  }

  static async mount(): Promise<SmallDisk> {
    const path = await mkdtemp(join(tmpdir(), 'sluice-disk-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', path])
    return new SmallDisk(path)
  }

  /** To the last byte, whoever else writes to it meanwhile. */
  async fill(): Promise<void> {
    await using ballast = await open(this.#ballast, 'w')
    try {
      for (;;) await ballast.writeFile(BLOCK)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
    }
  }

  async empty(): Promise<void> {
    await rm(this.#ballast)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    execFileSync('umount', [this.path])
    await rm(this.path, { recursive: true })
  }

  get #ballast(): string {
    return join(this.path, 'ballast')
  }
}
