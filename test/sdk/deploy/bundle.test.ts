import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { basename, join, resolve } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { nameFunctions } from '../../../protocol/author.ts'
import { type Bundle, bundle, CODE, MAP } from '../../../sdk/deploy/bundle.ts'
import type { AppFunction } from '../../../sdk/index.ts'
import { makeFolder } from '../folder.ts'

const ROOT = resolve(import.meta.dirname, '../../..')

const APP = {
  'app.ts': `import { App } from 'sluice'
import { parse } from './lib/parse.ts'
import cjs from 'old-package'
// This comment is gone from the bundle, so lines move.

const __dirname = 'declared by the author'
const app = new App('demo')
export const greet = app.function(async (name: string): Promise<string> => parse(name) + cjs() + __dirname.length)
export default app
`,
  'lib/parse.ts': `export function parse(name: string): string {
  if (name === '') {
    throw new Error('a name is needed')
  }
  return name
}
`,
  'node_modules/old-package/package.json': '{"name":"old-package","version":"1.0.0","main":"index.js"}',
  'node_modules/old-package/index.js': `const { EOL } = require('node:os')
module.exports = () => typeof EOL + typeof __dirname + typeof __filename`,
}

/** The bundle, loaded as a container does. */
async function load({ code, map }: Bundle) {
  const folder = makeFolder({ [CODE]: Buffer.from(code).toString(), [MAP]: Buffer.from(map).toString() })
  const exports = await import(pathToFileURL(join(folder.path, CODE)).href)
  return { ...folder, exports }
}

test('equal sources give equal bundles, wherever they lie and whoever asks from where', async () => {
  using one = makeFolder(APP)
  using other = makeFolder(
    Object.fromEntries(Object.entries(APP).map(([name, text]) => [`deep/er/${name}`, text])),
  )
  const first = await bundle(join(one.path, 'app.ts'))
  const before = process.cwd()
  process.chdir(other.path)
  const second = await bundle(join(other.path, 'deep/er/app.ts')).finally(() => process.chdir(before))
  assert.equal(Buffer.from(first.code).toString(), Buffer.from(second.code).toString())
  assert.equal(Buffer.from(first.map).toString(), Buffer.from(second.map).toString())
})

test('no path of this machine, and nothing but the app and the SDK, is in the bundle', async () => {
  using folder = makeFolder(APP)
  const { code, map } = await bundle(join(folder.path, 'app.ts'))
  const { sources, sourcesContent }: { sources: string[]; sourcesContent?: string[] } = JSON.parse(
    Buffer.from(map).toString(),
  )
  const text = Buffer.from(code).toString()
  for (const path of [ROOT, folder.path, basename(folder.path)]) {
    assert.ok(!text.includes(path) && !sources.join().includes(path))
  }
  assert.ok(
    sources.includes('app.ts') && sources.includes('lib/parse.ts') && sources.includes('sluice:sdk/app.ts'),
  )
  assert.equal(sourcesContent, undefined)
  assert.ok(!/from "(?!node:)/.test(text), 'imports built-in modules only')
  assert.ok(!sources.some((source) => /zod|sluice:sdk\/deploy|esbuild/.test(source)))
  assert.ok(code.byteLength < 60_000, `${code.byteLength} bytes`)
})

test('a bundle runs as it is: CommonJS packages, and names that modules like to declare', async () => {
  using folder = makeFolder(APP)
  using loaded = await load(await bundle(join(folder.path, 'app.ts')))
  const { faults, functions } = nameFunctions(loaded.exports)
  assert.deepEqual([faults, [...functions.keys()]], [[], ['greet']])
  const greet: AppFunction<[string], Promise<string>> = loaded.exports.greet
  assert.equal(await greet.local('ada '), 'ada stringstringstring22')
})

test('a stack points at the author’s lines', async () => {
  using folder = makeFolder(APP)
  const bundled = await bundle(join(folder.path, 'app.ts'))
  using loaded = await load(bundled)
  const greet: AppFunction<[string], Promise<string>> = loaded.exports.greet
  const error: Error = await greet.local('').catch((thrown) => thrown)
  const [, line, column] = /app\.mjs:(\d+):(\d+)/.exec(error.stack ?? '') ?? []
  const map = new SourceMap(JSON.parse(Buffer.from(bundled.map).toString()))
  const origin = map.findOrigin(Number(line), Number(column))
  assert.deepEqual(origin, { name: undefined, fileName: 'lib/parse.ts', lineNumber: 3, columnNumber: 11 })
})

test('an app takes the package that is installed beside it, linked or copied, before this one', async () => {
  using copy = makeFolder({
    ...APP,
    'app.ts': `import { App } from 'sluice'\nexport default new App('x')`,
    'node_modules/sluice/package.json': '{"name":"sluice","version":"9.9.9","type":"module"}',
    'node_modules/sluice/dist/sdk/index.js': `export { App } from './app.js'`,
    'node_modules/sluice/dist/sdk/app.js': `export class App { marker = 'the installed copy' }`,
  })
  const { code } = await bundle(join(copy.path, 'app.ts'))
  assert.match(Buffer.from(code).toString(), /the installed copy/)

  using linked = makeFolder(APP)
  const plain = await bundle(join(linked.path, 'app.ts'))
  symlinkSync(ROOT, join(linked.path, 'node_modules/sluice'))
  assert.deepEqual((await bundle(join(linked.path, 'app.ts'))).code, plain.code)
})

test('a syntax error and a missing import are shown where they are', async () => {
  using folder = makeFolder({
    'syntax.ts': `const app = (\nexport default app\n`,
    'missing.ts': `import './nowhere.ts'\nimport 'no-package'\n`,
  })
  await assert.rejects(
    bundle(join(folder.path, 'syntax.ts')),
    (error: { message?: string; detail?: string }) => {
      assert.match(error.message ?? '', /syntax\.ts could not be bundled\./)
      assert.match(error.detail ?? '', /syntax\.ts:2:0:\n\s+2 │ export default app/)
      return true
    },
  )
  await assert.rejects(bundle(join(folder.path, 'missing.ts')), (error: { detail?: string }) => {
    assert.match(error.detail ?? '', /Could not resolve "\.\/nowhere\.ts"/)
    assert.match(error.detail ?? '', /Could not resolve "no-package"/)
    assert.doesNotMatch(error.detail ?? '', /external/, 'there is no such option')
    return true
  })
})
