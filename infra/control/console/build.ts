import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { AssetHashType, DockerImage } from 'aws-cdk-lib'
import { Asset } from 'aws-cdk-lib/aws-s3-assets'
import type { Construct } from 'constructs'

const ROOT = resolve(import.meta.dirname, '../../..')
const SOURCES = join(ROOT, 'console')
const CONFIG = join(SOURCES, 'vite.config.ts')
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')

/** The console's files, built from this commit's sources. */
export function builtConsole(scope: Construct): Asset {
  return new Asset(scope, 'Built', {
    path: SOURCES,
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Vite is a dependency of the project: no image is ever fetched for it.
      image: DockerImage.fromRegistry('none'),
      local: { tryBundle: buildConsole },
    },
  })
}

export function buildConsole(folder: string): boolean {
  const args = [VITE, 'build', '--config', CONFIG, '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn']
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
  return true
}
