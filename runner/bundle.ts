import { chmodSync, copyFileSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

/** The runner's files are of this file's own kind: TypeScript in a clone, JavaScript in a package. */
const KIND = extname(import.meta.url)

/** What the image's Node.js understands, whichever builds it. */
const IMAGE_TARGET = 'node24'

export interface RunnerFile {
  name: string
  contents: Uint8Array
}

/**
 * The runner as two files that need nothing but Node.js: `main.cjs` and `child.cjs`. As CommonJS, since a module's `import`
 * of one of Node's own reads all that it exports: that of `node:http` takes longer than the start of a process. What only
 * web functions need is in there as text, and is not run by the others.
 * @param target the Node.js that is to run them, as esbuild writes it
 */
export function compileRunner(target: string): RunnerFile[] {
  // Not by its service, which would stay in memory for as long as a local control plane runs.
  const { outputFiles } = buildSync({
    entryPoints: [`runner/main${KIND}`, `runner/child${KIND}`],
    outdir: 'runner',
    // Paths in the output are relative to this, so that it is the same wherever it is made.
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target,
    alias: { 'node:http2': `./runner/child/no-http2${KIND}` },
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
