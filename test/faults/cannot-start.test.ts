import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { Installation } from '../e2e/installation.ts'

const TRACE = /\n {4}at /

test('a start on a database that another program has locked says so, and succeeds once it is let go', async () => {
  await using installation = await Installation.start()
  await installation.kill('SIGKILL')
  const shell = new DatabaseSync(join(installation.dir, 'sluice.db'))
  shell.exec('begin exclusive')
  await assert.rejects(
    installation.up(),
    /✗ Another program has \S+\/sluice\.db locked, such as .* a backup or a database shell\. End it/,
  )
  shell.exec('rollback')
  shell.close()
  await assertStarts(installation)
})

test('a start on a port that another program has taken meanwhile says so, and how to have another', async () => {
  await using installation = await Installation.start()
  await installation.kill('SIGKILL')
  for (const [url, option] of [
    [installation.url, '--port'],
    [installation.address('any').origin, '--ingress-port'],
  ] as const) {
    const port = Number(new URL(url).port)
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve))
    assert.equal((squatter.address() as AddressInfo).port, port)
    await assert.rejects(
      installation.up(),
      new RegExp(`✗ Port ${port} is taken by another program.* ${option} 0`),
    )
    await new Promise((resolve) => squatter.close(resolve))
  }
  await assertStarts(installation)
})

test('a start on a database that is damaged says which file it is, and what to do', async () => {
  await using installation = await Installation.start()
  await installation.kill('SIGKILL')
  await rm(join(installation.dir, 'sluice.db-wal'))
  await writeFile(join(installation.dir, 'sluice.db'), 'no database at all '.repeat(1000))
  await assert.rejects(installation.up(), /✗ \S+\/sluice\.db is damaged .* Put back the folder from a backup/)
  assert.doesNotMatch(installation.output, TRACE)
})

async function assertStarts(installation: Installation): Promise<void> {
  assert.doesNotMatch(installation.output, TRACE)
  await installation.up()
  assert.equal((await installation.api('GET', '/v1/me')).status, 200)
}
