import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { build } from 'esbuild'
import { startContainer } from './container.ts'
import { errorOf, resultOf } from './outcomes.ts'

const LIMIT = { timeout: 30_000 }
const BUNDLES = join(import.meta.dirname, '../fixtures/bundles')

test('a call returns its result, and knows where it runs', LIMIT, async (t) => {
  const { plane } = await startContainer(t, { bundle: 'plain.mjs', function: 'plain' })
  assert.deepEqual(resultOf(await plane.call('ca-1', ['Ada'])), {
    greeting: 'Hello, Ada',
    app: 'fixture',
    env: 'main',
    function: 'plain',
    version: 7,
    call: 'ca-1',
  })
})

test('a function that returns nothing returns null', LIMIT, async (t) => {
  const { plane } = await startContainer(t, { bundle: 'plain.mjs', function: 'returnsNothing' })
  assert.equal(resultOf(await plane.call('ca-1', [])), null)
})

test('a result that has no JSON fails the call, and says what to return', LIMIT, async (t) => {
  const { plane } = await startContainer(t, { bundle: 'plain.mjs', function: 'returnsItself' })
  const { name, message } = errorOf(await plane.call('ca-1', []), 'failed')
  assert.equal(name, 'TypeError')
  assert.match(message, /cannot be sent to the caller: Converting circular structure.*Return plain data/s)
})

test('one request returns a result and fetches the next input', LIMIT, async (t) => {
  const { plane } = await startContainer(t, { bundle: 'plain.mjs', function: 'plain' })
  await Promise.all([1, 2, 3, 4, 5].map((n) => plane.call(`ca-${n}`, [n])))
  await plane.changes.until(() => plane.exchanges === 6)
})

test('as many calls run at once as the function allows, and never more', LIMIT, async (t) => {
  const spec = { concurrency: 3 }
  const { plane } = await startContainer(t, { bundle: 'answers-slowly.mjs', function: 'answersSlowly', spec })
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const outcomes = names.map((name) => plane.call(`ca-${name}`, [`${plane.url}/gate/${name}`]))
  await Promise.all(['a', 'b', 'c'].map((name) => plane.gates.arrival(name)))
  assert.equal(plane.gates.hasArrived('d'), false)
  for (const name of names) {
    await plane.gates.arrival(name)
    plane.gates.open(name, name)
  }
  assert.deepEqual((await Promise.all(outcomes)).map(resultOf), names)
  assert.equal(plane.mostCommitted, 3)
})

test(
  'a function finds the machine’s few variables, its own and what it needs to call others',
  LIMIT,
  async (t) => {
    const spec = { env: { GREETING: 'hello' } }
    const { plane } = await startContainer(t, { bundle: 'plain.mjs', function: 'showsEnvironment', spec })
    const variables = resultOf(await plane.call('ca-1', []))
    assert.deepEqual(variables, {
      PATH: process.env.PATH,
      GREETING: 'hello',
      SLUICE_ENV: 'main',
      SLUICE_APP: 'fixture',
      SLUICE_FUNCTION: 'showsEnvironment',
      SLUICE_VERSION: '7',
      SLUICE_URL: plane.url,
      SLUICE_TOKEN: 'sct_co-1_secret',
    })
  },
)

test('arguments and results of 10 MB travel as blobs', LIMIT, async (t) => {
  const { plane } = await startContainer(t, { bundle: 'plain.mjs', function: 'returnsCharacters' })
  const outcome = await plane.call('ca-1', [10_000_000], { byUrl: true })
  assert.ok(outcome.status === 'succeeded' && 'blob' in outcome.result)
  assert.equal(outcome.result.size, 10_000_002)
  assert.equal(plane.blob(outcome.result.blob), 'x'.repeat(10_000_000))

  const other = await startContainer(t, { bundle: 'plain.mjs', function: 'countsCharacters' })
  const counted = await other.plane.call('ca-2', ['y'.repeat(10_000_000)], { byUrl: true })
  assert.equal(resultOf(counted), 10_000_000)
})

test(
  'where requests cannot be held, the container waits at the address that it is given',
  LIMIT,
  async (t) => {
    const { plane } = await startContainer(t, {
      bundle: 'plain.mjs',
      function: 'plain',
      configure: (unstarted) => {
        unstarted.waitsElsewhere = true
      },
    })
    await plane.changes.until(() => plane.isWaitedAt)
    resultOf(await plane.call('ca-1', ['Ada']))
    assert.deepEqual(plane.wakes, ['there is work'])
  },
)

test('a thrown error arrives with its name, its cause and the author’s own lines', LIMIT, async (t) => {
  const { plane } = await startContainer(t, { function: 'throws', files: await compiled('throws.ts') })
  const { name, message, stack } = errorOf(await plane.call('ca-1', ['42']), 'failed')
  assert.deepEqual({ name, message }, { name: 'NotFound', message: 'no episode 42' })
  const [throwing, calling] = [lineOf('throws.ts', 'throw new NotFound'), lineOf('throws.ts', 'await find(')]
  const [causing] = [lineOf('throws.ts', 'const cause =')]
  assert.match(
    stack ?? '',
    new RegExp(
      [
        '^NotFound: no episode 42',
        `    at find \\(throws\\.ts:${throwing}:\\d+\\)`,
        `    at .*throws\\.ts:${calling}:\\d+\\)?`,
        '\\[cause\\]: TypeError: the index is empty',
        `    at find \\(throws\\.ts:${causing}:\\d+\\)`,
        `    at .*throws\\.ts:${calling}:\\d+\\)?$`,
      ].join('\n'),
    ),
  )
})

test('what is thrown and is no error still says what it was', LIMIT, async (t) => {
  const { plane } = await startContainer(t, { function: 'throwsText', files: await compiled('throws.ts') })
  assert.match(errorOf(await plane.call('ca-1', []), 'failed').message, /'just text'/)
})

/** As the deployer bundles: one file and its source map. */
async function compiled(source: string): Promise<Record<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [join(BUNDLES, source)],
    absWorkingDir: BUNDLES,
    outfile: join(BUNDLES, 'bundle.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    sourcemap: 'linked',
    minify: true,
    keepNames: true,
    write: false,
  })
  const [map, code] = outputFiles.map(({ contents }) => contents)
  return { 'bundle.mjs': code ?? new Uint8Array(), 'bundle.mjs.map': map ?? new Uint8Array() }
}

function lineOf(file: string, text: string): number {
  const lines = readFileSync(join(BUNDLES, file), 'utf8').split('\n')
  return lines.findIndex((line) => line.includes(text)) + 1
}
