import { existsSync, realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire, isBuiltin } from 'node:module'
import { dirname, join, posix, sep } from 'node:path'
import type { OnResolveArgs, OnResolveResult, Plugin } from 'esbuild'
import { packageRoot, readPackage } from './package.ts'

/**
 * Files of this package have addresses within it, and so do those of its dependencies: a bundle names its modules by
 * their paths, and a checkout that was moved must not make another bundle, which would be another version.
 */
const NAMESPACE = 'sluice'
/** Deploying from code needs the bundler, which has no business in a bundle. */
const DEPLOYER = /(^|\/)deploy\/deploy\.[jt]s$/
const LEFT_OUT = 'sluice-left-out'
const SOURCE = 'sdk/index.ts'
const BUILT = 'dist/sdk/index.js'
const MODULES = `node_modules${sep}`

/** Resolves `sluice` to the app's own copy, else to this package. */
export const sluicePlugin: Plugin = {
  name: 'sluice',
  setup(build) {
    build.onResolve({ filter: /^sluice$/, namespace: 'file' }, ({ resolveDir }) => {
      const root = realpathSync(copyNear(resolveDir) ?? packageRoot())
      return fileOf(root, existsSync(join(root, SOURCE)) ? SOURCE : BUILT)
    })
    build.onResolve({ filter: /.*/, namespace: NAMESPACE }, resolveWithin)
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path, pluginData: root }) => ({
      contents: await readFile(join(root, path)),
      loader: path.endsWith('.ts') ? 'ts' : 'js',
      pluginData: root,
    }))
    build.onLoad({ filter: /.*/, namespace: LEFT_OUT }, () => ({ contents: '' }))
  },
}

/** The package that an import from `folder` finds: the one around it, or the one that is installed. */
function copyNear(folder: string): string | undefined {
  if (readPackage(folder)?.name === 'sluice') return folder
  const installed = join(folder, MODULES, 'sluice')
  if (readPackage(installed)) return installed
  const parent = dirname(folder)
  return parent === folder ? undefined : copyNear(parent)
}

function resolveWithin({ path, importer, pluginData: root }: OnResolveArgs): OnResolveResult {
  if (isBuiltin(path)) return { path, external: true }
  if (DEPLOYER.test(path)) return { path, namespace: LEFT_OUT }
  if (path.startsWith('.')) return fileOf(root, posix.join(posix.dirname(importer), path))
  const file = createRequire(join(root, importer)).resolve(path)
  const start = file.lastIndexOf(MODULES)
  return fileOf(file.slice(0, start), file.slice(start).replaceAll(sep, '/'))
}

const fileOf = (root: string, path: string): OnResolveResult => ({
  path,
  namespace: NAMESPACE,
  pluginData: root,
  sideEffects: false,
})
