import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { FileChanges } from '../../cli/file-changes.ts'

const FOREVER = new AbortController().signal
/** Later than anything that is written here. */
const LATER = Number.POSITIVE_INFINITY

let folder: string
const path = (name: string) => join(folder, name)

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-changes-'))
  await mkdir(path('pages/deep'), { recursive: true })
  for (const name of ['app.ts', 'other.ts', 'pages/deep/a.html']) await writeFile(path(name), 'one')
})
after(() => rm(folder, { recursive: true }))

test('a file that is written, or put in place of another, is a change, and so is one anywhere in a folder', async () => {
  using changes = new FileChanges()
  await changes.watch({ files: [path('app.ts')], folders: [path('pages')] }, LATER)
  await writeFile(path('app.ts'), 'two')
  await changes.next(FOREVER)
  await writeFile(path('new'), 'three')
  await rename(path('new'), path('app.ts'))
  await changes.next(FOREVER)
  await writeFile(path('pages/deep/a.html'), 'two')
  await changes.next(FOREVER)
})

test('what was changed after it was read, and before anybody looked, counts as well', async () => {
  using changes = new FileChanges()
  await changes.watch({ files: [path('app.ts')], folders: [] }, 0)
  await changes.next(FOREVER)
})

test('an older file that was put in place of one after that was read counts as well', async () => {
  await writeFile(path('draft'), 'one')
  const longAgo = new Date(0)
  await utimes(path('draft'), longAgo, longAgo)
  const { ctimeMs: readAt } = await stat(path('draft'))
  await rename(path('draft'), path('app.ts'))
  using changes = new FileChanges()
  await changes.watch({ files: [path('app.ts')], folders: [] }, readAt)
  await changes.next(FOREVER)
})

test('other files count only where it is not known which are meant', async () => {
  using changes = new FileChanges()
  const over = new AbortController()
  let told = false
  await changes.watch({ files: [path('app.ts')], folders: [] }, LATER)
  const next = changes.next(over.signal).then(() => {
    told = true
  })
  await writeFile(path('other.ts'), 'two')
  assert.equal(told, false)
  changes.countAnything()
  await writeFile(path('other.ts'), 'three')
  await next
  assert.equal(over.signal.aborted, false)
})

test('whoever waits is let go where it is aborted', async () => {
  using changes = new FileChanges()
  await changes.watch({ files: [path('app.ts')], folders: [] }, LATER)
  const over = new AbortController()
  const next = changes.next(over.signal)
  over.abort()
  await next
})

const LOOK = `
import { FileChanges } from ${JSON.stringify(new URL('../../cli/file-changes.ts', import.meta.url))}
const [file, ...folders] = process.argv.slice(1)
using changes = new FileChanges()
await changes.watch({ files: [file], folders }, Infinity).catch((error) => console.log(error.name))
process.exit()
`
/** For a user of its own, who may have so many and no more. */
const limited = (what: string, most: number, ...command: string[]) =>
  spawnSync(
    'unshare',
    ['-Ur', 'sh', '-c', `echo ${most} > /proc/sys/user/max_inotify_${what}; exec "$@"`, 'sh', ...command],
    { encoding: 'utf8' },
  )
const isLimitable = limited('watches', 1, 'true').status === 0

for (const [what, most, folders] of [
  ['instances', 0, []],
  ['watches', 0, []],
  ['watches', 2, ['pages']],
] as const) {
  test(`whoever may have no more than ${most} ${what} is told so, and not that something changes all the time`, {
    skip: !isLimitable && 'SKIPPED: what a user may watch can be limited on Linux only, and not everywhere',
  }, () => {
    const looking = [process.execPath, '--input-type=module', '--eval', LOOK]
    const { stdout, stderr } = limited(what, most, ...looking, path('app.ts'), ...folders.map(path))
    assert.equal(stdout, 'UnwatchableError\n', stderr)
  })
}
