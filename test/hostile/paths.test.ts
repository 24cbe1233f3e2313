import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { ManifestInput } from '../../protocol/manifest.ts'
import { manifestOf } from '../lambdas/apps.ts'
import { answerOf, refuse, send } from '../lambdas/client.ts'
import { type Installation, install } from '../lambdas/installation.ts'
import { startContainer } from '../runner/container.ts'
import { fuzz } from './fuzzing.ts'

const SHA256 = 'a'.repeat(64)
const LIMIT = { timeout: 60_000 }
const PIECES = [
  '..',
  '.',
  '/',
  '\\',
  'a',
  'etc',
  '~',
  'C:',
  '\0',
  '%2e',
  ' ',
  '...',
  '‥',
  '．．',
  '\u2215',
  'con',
  '\n',
]
const ESCAPES = [
  ...[
    '../a',
    '..',
    'a/../../b',
    'a/..',
    './a',
    '.',
    '',
    '/etc/passwd',
    '//a',
    'a//b',
    'a/',
    '..\\a',
    'a\\..\\..\\b',
  ],
  ...['\\\\host\\share', 'C:\\a', 'a\0b', '\0', 'a'.repeat(1025)],
]

/** Where a path can stand in a manifest. */
const PLACES: Record<string, (manifest: ManifestInput, path: string) => void> = {
  'the bundle': ({ bundle }, path) => (bundle.code.path = path),
  'its source map': ({ bundle }, path) => (bundle.map = { path, sha256: SHA256, size: 1 }),
  'a mounted file': ({ functions }, path) => {
    const files = [{ path, sha256: SHA256, size: 1 }]
    for (const spec of Object.values(functions)) spec.mounts = [{ at: '/assets', source: './a', files }]
  },
  'a mount': ({ functions }, path) => {
    for (const spec of Object.values(functions)) spec.mounts = [{ at: `/${path}`, source: './a', files: [] }]
  },
}

let installation: Installation
before(async () => {
  installation = await install()
})
after(() => installation.close())

for (const [place, put] of Object.entries(PLACES)) {
  test(`a path that could leave its folder is no path of ${place}`, async () => {
    for (const path of ESCAPES) {
      const manifest = await manifestOf(installation, 'shop')
      put(manifest, path)
      for (const id of ['deploy', 'plan'] as const) {
        const { status, code } = await refuse(installation, id, {
          params: { app: 'shop' },
          body: { manifest },
        })
        assert.deepEqual([status, code], [400, 'invalid_manifest'], JSON.stringify(path))
      }
    }
    assert.deepEqual((await send(installation, 'listApps')).body.items, [])
  })

  test(`whatever path ${place} may have, it stays below its root`, async () => {
    const paths = fc
      .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 })
      .map((some) => some.join(''))
    await fuzz(paths, 0.02, async (batch) => {
      for (const path of batch) {
        const manifest = await manifestOf(installation, 'shop')
        put(manifest, path)
        const { status } = await answerOf(installation, 'plan', {
          params: { app: 'shop' },
          body: { manifest },
        })
        assert.ok([200, 400].includes(status))
        if (status === 200) assert.ok(staysBelow(path), JSON.stringify(path))
      }
    })
  })
}

test('two files at one place are refused: one would be written over the other', async () => {
  const file = { path: 'a.txt', sha256: SHA256, size: 1 }
  const mount = { at: '/assets', source: './a', files: [file] }
  const cases: [mounts: (typeof mount)[], path: string][] = [
    [[{ ...mount, files: [file, { ...file, sha256: 'b'.repeat(64) }] }], 'assets/a.txt'],
    [[mount, { ...mount, source: './b' }], 'assets/a.txt'],
    [
      [
        { ...mount, at: '/assets/deep' },
        { ...mount, files: [{ ...file, path: 'deep/a.txt' }] },
      ],
      'assets/deep/a.txt',
    ],
    [[{ ...mount, at: '/lib', files: [{ ...file, path: 'bundle.mjs' }] }], 'lib/bundle.mjs'],
    [
      [
        {
          ...mount,
          files: [
            { ...file, path: 'a' },
            { ...file, path: 'a/b' },
          ],
        },
      ],
      'assets/a',
    ],
  ]
  for (const [mounts, path] of cases) {
    const manifest = await manifestOf(installation, 'shop', { work: { mounts } })
    manifest.bundle.code.path = 'lib/bundle.mjs'
    const problem = await refuse(installation, 'deploy', { params: { app: 'shop' }, body: { manifest } })
    assert.deepEqual([problem.status, problem.errors.length], [400, 1], path)
    assert.ok(problem.errors[0]?.message.includes(`"${path}"`), problem.detail)
  }
})

/** Where nothing was before, nor is left by a run in which something did escape. */
const OUTSIDE = join(tmpdir(), `sluice-escaped-${randomUUID()}.txt`)

for (const path of ['../escaped.txt', 'a/../../escaped.txt', OUTSIDE, '.', 'a/..', 'a\0b']) {
  test(`a container writes no file at ${JSON.stringify(path)}, whoever says so`, LIMIT, async (t) => {
    const { plane, container } = await startContainer(t, {
      function: 'plain',
      files: { 'plain.mjs': 'export default null', [path]: 'escaped' },
    })
    assert.equal((await container.exited).code, 1)
    assert.equal(plane.lastWord?.error.name, 'DownloadFailed')
    assert.ok(!existsSync(OUTSIDE))
  })
}

function staysBelow(path: string): boolean {
  return resolve('/folder', path).startsWith('/folder/') && !/[\\\0]/.test(path)
}
