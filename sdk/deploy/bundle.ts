import { basename, dirname, join, resolve } from 'node:path'
import type { BuildFailure, BuildOptions, Message, Metafile } from 'esbuild'
import { DeployFault } from './fault.ts'
import { sluicePlugin } from './sluice-plugin.ts'

/** The bundle's own names, whatever the author's file is called. */
export const CODE = 'app.mjs'
export const MAP = 'app.mjs.map'

/**
 * CommonJS packages ask for built-in modules by `require`, and some for their own folder. The latter two are no
 * declarations, since modules like to declare them for themselves.
 */
const BANNER = [
  `import { createRequire as __createRequire } from 'node:module';`,
  'const require = __createRequire(import.meta.url);',
  'globalThis.__filename ??= import.meta.filename;',
  'globalThis.__dirname ??= import.meta.dirname;',
].join('\n')

export interface Bundle {
  code: Uint8Array
  map: Uint8Array
  /** What the bundler had to remark, ready to print; empty if nothing. */
  warnings: string
  /** Paths of the author's files that it is made of. */
  inputs: string[]
}

/**
 * The author's file and all that it imports, as one module. Equal sources give equal bytes, wherever they lie.
 * @throws DeployFault with a code frame of each error
 */
export async function bundle(entry: string, options: { color?: boolean | undefined } = {}): Promise<Bundle> {
  const { build, formatMessages } = await import('esbuild')
  const format = async (messages: Message[], kind: 'error' | 'warning') =>
    (await formatMessages(messages, { kind, color: options.color ?? false })).join('').trimEnd()
  try {
    const { outputFiles, warnings, metafile } = await build(buildOptions(entry))
    const contentsOf = (name: string) => outputFiles.find(({ path }) => basename(path) === name)?.contents
    const [code, map] = [contentsOf(CODE), contentsOf(MAP)]
    if (!code || !map) throw new Error(`esbuild made no ${CODE} of ${entry}`)
    const inputs = inputsOf(metafile, dirname(entry))
    return { code, map, warnings: await format(warnings, 'warning'), inputs }
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    throw new DeployFault(
      `${entry} could not be bundled.`,
      await format(error.errors.map(withoutAdvice), 'error'),
      {
        cause: error,
      },
    )
  }
}

function buildOptions(entry: string): BuildOptions & { write: false; metafile: true } {
  const folder = dirname(entry)
  return {
    entryPoints: [entry],
    absWorkingDir: folder,
    outfile: join(folder, CODE),
    write: false,
    metafile: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    sourcemap: 'linked',
    sourcesContent: false,
    banner: { js: BANNER },
    plugins: [sluicePlugin],
    external: ['esbuild'],
    logLevel: 'silent',
  }
}

/** Files of packages are named by a namespace, or do not change while somebody works on an app. */
function inputsOf({ inputs }: Metafile, folder: string): string[] {
  const own = Object.keys(inputs).filter((path) => !path.includes(':') && !path.includes('node_modules/'))
  return own.map((path) => resolve(folder, path))
}

/** The bundler advises options of its own, which an author cannot set. */
const withoutAdvice = (message: Message): Message => ({
  ...message,
  notes: message.notes.filter(({ text }) => !text.includes('as external')),
})

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && 'errors' in error && Array.isArray(error.errors)
