import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Deployment, difference, isEmpty } from '../../control/difference.ts'
import { type FunctionSpecInput, Manifest } from '../../protocol/manifest.ts'

const hash = (letter: string) => letter.repeat(64)
const file = (path: string, letter: string) => ({ path, sha256: hash(letter), size: 1 })

describe('the difference of two manifests', () => {
  test('is nothing where they say the same in another order', () => {
    const one = manifest({ a: { env: { X: '1', Y: '2' } }, b: {} })
    const other = manifest({ b: {}, a: { env: { Y: '2', X: '1' } } })
    assert.ok(isEmpty(difference(one, other)))
  })

  test('names functions that come, go, and change, and of these each setting', () => {
    const { functions } = difference(
      manifest({ stays: {}, goes: {}, changes: { timeout: 5, env: { LEVEL: 'info', OLD: '1' } } }),
      manifest({ stays: {}, changes: { timeout: 10, env: { LEVEL: 'debug' } }, comes: {} }),
    )
    assert.deepEqual(functions, [
      {
        name: 'changes',
        change: 'changed',
        fields: [
          { field: 'env.LEVEL', before: 'info', after: 'debug' },
          { field: 'env.OLD', before: '1' },
          { field: 'timeout', before: 5, after: 10 },
        ],
      },
      { name: 'comes', change: 'added', fields: [] },
      { name: 'goes', change: 'removed', fields: [] },
    ])
  })

  test('tells schedules and pools apart from other settings', () => {
    const schedule = { type: 'period', seconds: 60 } as const
    const found = difference(
      manifest({ tick: { kind: 'scheduled', schedule }, warm: {} }),
      manifest({
        tick: { kind: 'scheduled', schedule: { ...schedule, seconds: 90 } },
        warm: { minContainers: 2 },
      }),
    )
    assert.deepEqual(found.schedules, [
      { function: 'tick', before: schedule, after: { ...schedule, seconds: 90 } },
    ])
    const pool = { minContainers: 0, maxContainers: 10, bufferContainers: 0, scaledownWindow: 60 }
    assert.deepEqual(found.pools, [{ function: 'warm', before: pool, after: { ...pool, minContainers: 2 } }])
    assert.deepEqual(
      found.functions.map(({ fields }) => fields),
      [[], []],
    )
  })

  test('compares files by path and content, each once however many functions mount it', () => {
    const mount = (...files: ReturnType<typeof file>[]) => ({
      mounts: [{ at: '/assets', source: './assets', files }],
    })
    const before = manifest({
      a: mount(file('x', '1'), file('y', '2')),
      b: mount(file('x', '1'), file('y', '2')),
    })
    const after = manifest({
      a: mount(file('x', '3'), file('z', '2')),
      b: mount(file('x', '3'), file('z', '2')),
    })
    const content = (letter: string) => ({ sha256: hash(letter), size: 1 })
    assert.deepEqual(difference(before, after).files, [
      { path: '/assets/x', before: content('1'), after: content('3') },
      { path: '/assets/y', before: content('2') },
      { path: '/assets/z', after: content('2') },
    ])
  })

  test('tells secrets by their names, their order and their versions', () => {
    const one = manifest({ a: { secrets: ['x', 'y'] }, b: { secrets: ['x'] } }, { x: 1, y: 1 })
    const other = manifest({ a: { secrets: ['x', 'y'] }, b: {} }, { x: 2, y: 1 })
    const [x, y] = [
      { name: 'x', version: 1 },
      { name: 'y', version: 1 },
    ]
    assert.deepEqual(difference(one, other).secrets, [
      { function: 'a', before: [x, y], after: [{ name: 'x', version: 2 }, y] },
      { function: 'b', before: [x], after: [] },
    ])
  })

  test('of what was never live is all there is', () => {
    const found = difference(undefined, manifest({ work: {} }))
    assert.deepEqual(
      [found.functions.map(({ change }) => change), found.files.map(({ path }) => path), found.pools.length],
      [['added'], ['app.mjs'], 1],
    )
  })
})

function manifest(
  functions: Record<string, Partial<FunctionSpecInput>>,
  secretVersions?: Record<string, number>,
): Deployment {
  const manifest = Manifest.parse({
    app: 'shop',
    bundle: { code: file('app.mjs', '0') },
    functions: Object.fromEntries(
      Object.entries(functions).map(([name, spec]) => [name, { kind: 'plain', ...spec }]),
    ),
  })
  return { manifest, secretVersions }
}
