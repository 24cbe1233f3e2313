import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { AppFolder } from '../e2e/app-folder.ts'
import { CONTAINERS, HardyApp, hardySource } from '../e2e/hardy-app.ts'
import { Installation } from '../e2e/installation.ts'
import { type Visit, WebLoad } from '../e2e/web-load.ts'

const CALLS = 12
const SLOW = {
  NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'switches', 'slow-disk.ts'))}`,
  FAULTS_COMMIT_MS: '50',
  FAULTS_SYNC_MS: '1500',
}

const visit = (): Visit => ({ path: '/', isRight: ({ body }) => body === '1' || body === '2' })

test('on a slow disk all takes longer, but nothing is lost, and nobody is taken for dead', async () => {
  await using installation = await Installation.startIn({ variables: SLOW })
  await using folder = await AppFolder.create({ 'app.ts': hardySource() })
  await installation.run('deploy', folder.entry)
  const app = new HardyApp(installation)
  await using load = new WebLoad(installation, 'hardy-web', [visit])
  load.begin({ keptAlive: 1, fresh: 1 })
  const log = join(folder.path, 'slow')
  const ids = await app.spawnCalls(log, CALLS)
  await folder.write('app.ts', hardySource("console.log('changed')"))
  const deployed = installation.run('deploy', folder.entry)
  await folder.write('slow.open', '')
  for (const id of ids) {
    const { status, attempts } = await app.ended(id)
    assert.deepEqual([status, attempts], ['succeeded', 1])
  }
  await deployed
  await load.end()
  assert.ok(load.visited.length > 0)
  assert.deepEqual(
    load.visited.filter(({ fault }) => fault !== undefined),
    [],
  )
  assert.equal((await installation.web('hardy-web')).body, '2')
  for (const { reason = '' } of await app.containers('--all'))
    assert.doesNotMatch(reason, /killed|silent|said/)
  assert.ok((await app.containers()).length <= CONTAINERS + 2)
})
