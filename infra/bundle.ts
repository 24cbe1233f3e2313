import { globSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { AssetHashType, DockerImage } from 'aws-cdk-lib'
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda'
import { type BuildOptions, type BuildResult, buildSync } from 'esbuild'

const LAMBDAS = resolve(import.meta.dirname, '../lambdas')
const ENTRIES = '{api,events,runtime}/*.ts'
/** Stands in for all the places where the SDK looks for credentials, which are a tenth of a handler. */
const LAMBDA_CREDENTIALS = resolve(import.meta.dirname, '../platforms/aws/lambda-credentials.ts')

type Compiled = BuildResult<{ metafile: true; write: false }>

let compiled: Compiled | undefined

/** The code of an entry of lambdas/, such as `api/calls`: one file with all that it imports, and its source map. */
export function handlerCode(entry: string): AssetCode {
  const writeInto = (folder: string): boolean => {
    compiled ??= compileHandlers()
    for (const { path, contents } of compiled.outputFiles) {
      if (path.startsWith(join(LAMBDAS, `${entry}.js`))) writeFileSync(join(folder, basename(path)), contents)
    }
    return true
  }
  return Code.fromAsset(dirname(join(LAMBDAS, entry)), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // esbuild is a dependency of the project: no image is ever fetched for it.
      image: DockerImage.fromRegistry('none'),
      local: { tryBundle: writeInto },
      // Never run: it keeps two entries of one folder from being taken for the same asset.
      command: [entry],
    },
  })
}

/** CommonJS of packages' module sources loads fastest: in half the time of esbuild's default, and a third of that of separate files. */
export const AS_HANDLER = {
  write: false,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  alias: { '@aws-sdk/credential-provider-node': LAMBDA_CREDENTIALS },
  minify: true,
} satisfies BuildOptions

/** All entries at once, since they share most of what they are made of. */
export function compileHandlers(): Compiled {
  return buildSync({
    entryPoints: globSync(ENTRIES, { cwd: LAMBDAS }).sort(),
    absWorkingDir: LAMBDAS,
    outdir: '.',
    ...AS_HANDLER,
    metafile: true,
    sourcemap: true,
    sourcesContent: false,
  })
}
