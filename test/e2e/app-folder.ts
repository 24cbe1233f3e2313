import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ROOT } from './reached.ts'

/** An author's folder outside the repository, with Sluice linked into its `node_modules`. */
export class AppFolder implements AsyncDisposable {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  static async create(files: Record<string, string> = {}): Promise<AppFolder> {
    const folder = new AppFolder(await mkdtemp(join(tmpdir(), 'sluice-app-')))
    await mkdir(join(folder.path, 'node_modules'))
    await symlink(ROOT, join(folder.path, 'node_modules', 'sluice'))
    for (const [name, content] of Object.entries(files)) await folder.write(name, content)
    return folder
  }

  /** The entry file. */
  get entry(): string {
    return join(this.path, 'app.ts')
  }

  /** In one step, as editors do: nobody who watches the file sees half of it. */
  async write(name: string, content: string): Promise<void> {
    const path = join(this.path, name)
    const draft = join(this.path, 'node_modules', `.draft-${randomUUID()}`)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(draft, content)
    await rename(draft, path)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }
}
