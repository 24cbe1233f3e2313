import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { commitOf } from '../../../sdk/deploy/git.ts'
import { makeFolder } from '../folder.ts'

test('a deployment knows the commit, the branch, its author, and whether all is committed', async () => {
  using folder = makeFolder({ 'app.ts': '1' })
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder.path, ...args], { encoding: 'utf8' }).trim()
  assert.equal(await commitOf(folder.path), undefined)
  git('init', '--quiet', '--initial-branch', 'feature/x')
  assert.equal(await commitOf(folder.path), undefined)

  git('add', '.')
  git('-c', 'user.name=Ada Lovelace', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '-m', 'first')
  const committed = {
    hash: git('rev-parse', 'HEAD'),
    branch: 'feature/x',
    author: 'Ada Lovelace',
    dirty: false,
  }
  assert.deepEqual(await commitOf(folder.path), committed)
  folder.write('app.ts', '2')
  assert.deepEqual(await commitOf(folder.path), { ...committed, dirty: true })
  git('checkout', '--quiet', '--detach')
  assert.equal((await commitOf(folder.path))?.branch, undefined)
})
