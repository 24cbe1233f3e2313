import { createHash } from 'node:crypto'
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compileRunner, type RunnerFile } from '../../../runner/bundle.ts'

const DRAFT = 'draft-'

/**
 * Bundles the runner into `outDir/<content hash>/`, unless that very runner is there already. Older ones stay: containers
 * that were started with them may still load a file.
 * @returns the path of the runner's entry.
 */
export async function bundleRunner(outDir: string): Promise<{ main: string }> {
  const files = compileRunner(`node${process.versions.node}`)
  const folder = join(outDir, hashOf(files))
  const main = join(folder, 'main.cjs')
  await removeDrafts(outDir)
  if (!(await exists(main))) await writeWhole(outDir, folder, files)
  return { main }
}

function hashOf(files: RunnerFile[]): string {
  const hash = createHash('sha256')
  for (const { name, contents } of files) hash.update(name).update(contents)
  return hash.digest('hex').slice(0, 16)
}

/** What a crash left half written. */
async function removeDrafts(outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true })
  const drafts = (await readdir(outDir)).filter((name) => name.startsWith(DRAFT))
  for (const name of drafts) await rm(join(outDir, name), { recursive: true, force: true })
}

/** Whoever looks into the folder sees all of it or nothing. */
async function writeWhole(outDir: string, folder: string, files: RunnerFile[]): Promise<void> {
  const draft = await mkdtemp(join(outDir, DRAFT))
  try {
    for (const { name, contents } of files) await writeFile(join(draft, name), contents)
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await exists(folder))) throw error
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
