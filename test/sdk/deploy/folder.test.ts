import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { MountedFile } from '../../../protocol/mounts.ts'
import { readFolder } from '../../../sdk/deploy/folder.ts'
import { readMounts } from '../../../sdk/deploy/mounts.ts'
import { makeFolder } from '../folder.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const mounting = (folders: Record<string, string>) => ({
  name: 'demo',
  functions: [{ name: 'web', spec: { kind: 'web' as const }, folders }],
})

test('files are found by path, in one order, with hash and size', async () => {
  using folder = makeFolder({
    'b.txt': 'b',
    'a/z.txt': 'zz',
    'a.txt': '',
    '.env': 'dot',
    'Ünï cødé & spaces\n(1).txt': 'odd',
    '-rf': 'dash',
    'node_modules/dep/index.js': 'skipped',
    'a/.git/HEAD': 'skipped',
  })
  const files = await readFolder(folder.path)
  assert.deepEqual(
    files.map(({ path, size }) => [path, size]),
    [
      ['-rf', 4],
      ['.env', 3],
      ['a.txt', 0],
      ['a/z.txt', 2],
      ['b.txt', 1],
      ['Ünï cødé & spaces\n(1).txt', 3],
    ],
  )
  assert.equal(files.at(-1)?.sha256, sha256('odd'))
  for (const { source, ...file } of files) MountedFile.parse(file)
})

test('a thousand files, and none at all', async () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `${index % 10}/${index}.txt`)
  using many = makeFolder(Object.fromEntries(names.map((name) => [name, name])))
  const files = await readFolder(many.path)
  assert.deepEqual(files.map(({ path }) => path).sort(), names.sort())
  assert.ok(files.every((file) => file.sha256 === sha256(file.path)))
  using empty = makeFolder()
  assert.deepEqual(await readFolder(empty.path), [])
})

test('links are followed within the folder only', async () => {
  using folder = makeFolder({ 'real/a.txt': 'a' })
  using outside = makeFolder({ 'secret.txt': 'secret' })
  symlinkSync('real', join(folder.path, 'linked'))
  symlinkSync('../real/a.txt', join(folder.path, 'real/again.txt'))
  const files = await readFolder(folder.path)
  assert.deepEqual(
    files.map(({ path }) => path),
    ['linked/a.txt', 'linked/again.txt', 'real/a.txt', 'real/again.txt'],
  )
  const refused: [target: string, message: RegExp][] = [
    [join(outside.path, 'secret.txt'), /: out is a link that leads out of the folder/],
    ['nowhere', /: out is a link to nothing/],
    ['.', /: out is a link to a folder that it lies in/],
  ]
  for (const [target, message] of refused) {
    symlinkSync(target, join(folder.path, 'out'))
    await assert.rejects(readFolder(folder.path), message)
    execFileSync('rm', [join(folder.path, 'out')])
  }
  execFileSync('mkfifo', [join(folder.path, 'pipe')])
  await assert.rejects(readFolder(folder.path), /^DeployFault: pipe is neither a file nor a folder/)
})

test('what is wrong with a mount is said with its function and folder', async () => {
  using base = makeFolder({ 'app.ts': '' })
  const refused: [folder: string, message: RegExp][] = [
    ['./dist', /web mounts \.\/dist at \/assets, but there is no folder .*\/dist\./],
    ['./app.ts', /web mounts \.\/app\.ts at \/assets, but .*app\.ts is a file\./],
  ]
  for (const [folder, message] of refused) {
    await assert.rejects(readMounts(mounting({ '/assets': folder }), base.path), message)
  }
  mkdirSync(join(base.path, 'dist'))
  const mounts = await readMounts(mounting({ '/assets': './dist' }), base.path)
  assert.deepEqual(mounts.get('web'), [{ at: '/assets', source: './dist', files: [] }])
})
