import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStore } from '../../platforms/local/store/store.ts'
import { deployApp } from './apps.ts'
import { refuse, send } from './client.ts'
import { install } from './installation.ts'

test('nobody is told of a call, nor given one, where the commit was lost', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-lost-'))
  t.after(() => rm(folder, { recursive: true }))
  const store = openStore(join(folder, 'store.sqlite'))
  const installation = await install(store)
  t.after(() => installation.close())
  const version = await deployApp(installation, 'shop', { work: {} })
  const token = await installation.container({ version })
  await installation.idle()

  const { commits, connection } = store.database
  const { settle } = commits
  const loseOne = () =>
    t.mock.method(
      commits,
      'settle',
      () => {
        // As SQLite does when a write fails.
        connection.exec('rollback')
        settle.call(commits)
      },
      { times: 1 },
    )
  const call = { params: { app: 'shop', function: 'work' }, body: { args: [] } }
  const next = { token, body: { completed: [], free: 1 } }

  loseOne()
  assert.equal((await refuse(installation, 'call', call)).status, 500)
  assert.deepEqual((await send(installation, 'next', next)).body.inputs, [])

  const { id } = (await send(installation, 'call', call)).body
  await installation.idle()
  loseOne()
  assert.equal((await refuse(installation, 'next', next)).status, 500)
  assert.equal((await send(installation, 'getCall', { params: { id } })).body.status, 'pending')
})
