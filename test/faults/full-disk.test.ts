import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { AppFolder } from '../e2e/app-folder.ts'
import { untilBegun } from '../e2e/executions.ts'
import { HardyApp, hardySource } from '../e2e/hardy-app.ts'
import { Installation } from '../e2e/installation.ts'
import { until } from '../e2e/reached.ts'
import { SmallDisk } from './small-disk.ts'

const FULL = /^✗ The disk of \S+ is full\. Make room on it: .*can be asked for again\.\n$/
const TRACE = /\n {4}at /
/** As `SILENCE_MS` and `AGAIN_MS` of the local platform, which nobody can change: the disk stays full for longer. */
const SILENCE_MS = 30_000
const AGAIN_MS = 60_000

test('on a full disk what serves goes on serving, what is asked is refused in words, and what was accepted ends once there is room', {
  skip: SmallDisk.impossible,
}, async () => {
  await using disk = await SmallDisk.mount()
  await using folder = await AppFolder.create({ 'app.ts': hardySource() })
  await using installation = await Installation.startIn({ inside: disk.path })
  await installation.run('deploy', folder.entry)
  const app = new HardyApp(installation)
  assert.equal(await installation.run('call', 'hardy.hello'), 'hello\n')
  const log = join(folder.path, 'outage')
  const accepted = await app.spawnCalls(log, 3)
  await untilBegun(log, 3)

  await disk.fill()
  const began = performance.now()
  await folder.write('outage.open', '')
  for (const words of [
    ['call', 'hardy.hello'],
    ['app', 'stop', 'hardy', '--yes'],
  ]) {
    const { code, stderr } = await installation.cli(...words)
    assert.equal(code, 1)
    assert.match(stderr, FULL)
  }
  const refused = await installation.api('POST', '/v1/apps/hardy/functions/hello/calls', { args: [] })
  assert.deepEqual([refused.status, refused.body.code], [503, 'unavailable'])
  assert.equal((await installation.web('hardy-web')).body, '1')
  assert.match(await installation.run('app', 'list'), /hardy +deployed +v1/)

  const hasLasted = () => performance.now() - began > 1.2 * SILENCE_MS
  await until('containers to be unheard for longer than one may be silent', hasLasted, 2 * SILENCE_MS)
  await disk.empty()
  const minutes = Math.ceil((performance.now() - began) / AGAIN_MS)
  for (const id of accepted) {
    const { status, attempts } = await app.ended(id)
    assert.deepEqual([status, attempts], ['succeeded', 1])
  }
  assert.equal(await installation.run('call', 'hardy.hello'), 'hello\n')
  const { items } = (await installation.api('GET', '/v1/apps/hardy/calls')).body
  assert.equal(items.length, accepted.length + 2, 'no call that was refused was made')
  const told = installation.output.match(/is full/g)?.length ?? 0
  assert.ok(told > 0 && told <= minutes, installation.output)
  assert.doesNotMatch(installation.output, TRACE)
})

test('a control plane that cannot start on a full disk says so, and starts as soon as there is room', {
  skip: SmallDisk.impossible,
}, async () => {
  await using disk = await SmallDisk.mount()
  await using installation = await Installation.startIn({ inside: disk.path })
  await installation.kill('SIGKILL')
  await disk.fill()
  await assert.rejects(installation.up(), /\n✗ The disk of \S+ is full\. Make room on it/)
  assert.doesNotMatch(installation.output, TRACE)
  await disk.empty()
  await installation.up()
  assert.equal((await installation.api('GET', '/v1/me')).status, 200)
})
