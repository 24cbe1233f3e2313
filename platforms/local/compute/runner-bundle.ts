import { createHash } from 'node:crypto'
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type OutputFile, stop } from 'esbuild'

/** Some dependencies are CommonJS and ask for Node's own modules by `require`, which a module does not have. */
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/** The runner's files are of this file's own kind: TypeScript in a clone, JavaScript in a package. */
const KIND = extname(import.meta.url)

/**
 * Bundles the runner into `outDir/<content hash>/`, unless that very runner is there already. Older ones stay: containers
 * that were started with them may still load a file.
 * @returns the path of the runner's entry.
 */
export async function bundleRunner(outDir: string): Promise<{ main: string }> {
  const files = await compile()
  const folder = join(outDir, hashOf(files))
  const main = join(folder, 'main.mjs')
  if (!(await exists(main))) await writeWhole(outDir, folder, files)
  return { main }
}

async function compile(): Promise<OutputFile[]> {
  const { outputFiles } = await build({
    entryPoints: [`runner/main${KIND}`, `runner/child${KIND}`],
    outdir: 'runner',
    // Paths in the output are relative to this, so that it is the same wherever it is made.
    absWorkingDir: fileURLToPath(new URL('../../..', import.meta.url)),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: `node${process.versions.node}`,
    // Apart, what only web functions need is not loaded by the others: it doubles the time that a process takes to start.
    splitting: true,
    banner: { js: BANNER },
    // What ws uses where it is installed; it does without.
    external: ['bufferutil', 'utf-8-validate'],
    logLevel: 'silent',
  })
  // Its service would stay in memory for as long as the control plane runs.
  await stop()
  return outputFiles
}

function hashOf(files: OutputFile[]): string {
  const hash = createHash('sha256')
  for (const { path, contents } of files) hash.update(basename(path)).update(contents)
  return hash.digest('hex').slice(0, 16)
}

/** Whoever looks into the folder sees all of it or nothing. */
async function writeWhole(outDir: string, folder: string, files: OutputFile[]): Promise<void> {
  await mkdir(outDir, { recursive: true })
  const draft = await mkdtemp(join(outDir, 'draft-'))
  try {
    for (const { path, contents } of files) await writeFile(join(draft, basename(path)), contents)
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
