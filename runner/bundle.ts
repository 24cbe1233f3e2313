import { chmodSync, copyFileSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

/** Some dependencies are CommonJS and ask for Node's own modules by `require`, which a module does not have. */
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/** The runner's files are of this file's own kind: TypeScript in a clone, JavaScript in a package. */
const KIND = extname(import.meta.url)

/** What the image's Node.js understands, whichever builds it. */
const IMAGE_TARGET = 'node24'

export interface RunnerFile {
  name: string
  contents: Uint8Array
}

/**
 * The runner as files that need nothing but Node.js, and each other: `main.mjs`, `child.mjs` and what they share.
 * @param target the Node.js that is to run them, as esbuild writes it
 */
export function compileRunner(target: string): RunnerFile[] {
  // Not by its service, which would stay in memory for as long as a local control plane runs.
  const { outputFiles } = buildSync({
    entryPoints: [`runner/main${KIND}`, `runner/child${KIND}`],
    outdir: 'runner',
    // Paths in the output are relative to this, so that it is the same wherever it is made.
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target,
    // Apart, what only web functions need is not loaded by the others: it doubles the time that a process takes to start.
    splitting: true,
    banner: { js: BANNER },
    // What ws uses where it is installed; it does without.
    external: ['bufferutil', 'utf-8-validate'],
    logLevel: 'silent',
  })
  return outputFiles.map(({ path, contents }) => ({ name: basename(path), contents }))
}

/** Fills an empty folder with all that an image of the runner is built from: its Dockerfile and the bundle. */
export function writeImageContext(folder: string): void {
  copyFileSync(new URL('Dockerfile', import.meta.url), join(folder, 'Dockerfile'))
  for (const { name, contents } of compileRunner(IMAGE_TARGET)) {
    writeFileSync(join(folder, name), contents)
    // The image's user is nobody to whoever builds it, however private they keep their files.
    chmodSync(join(folder, name), 0o644)
  }
}
