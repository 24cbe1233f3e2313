import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { ContainerView } from '../../protocol/api.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'

const source = (options: string, mark = '') => `
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'sluice'
const app = new App('mill')
export const grind = app.function({ ${options} }, async (gate: string) => {
  while (!existsSync(gate)) await sleep(20)
  return 'ground${mark}'
})
export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': source('maxContainers: 4') })
  await installation.run('deploy', folder.entry)
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('raising the least starts containers at once, without a deploy, and says for how long it holds', async () => {
  const said = await installation.run('app', 'autoscaler', 'mill.grind', '--min', '2', '--scaledown', '5m')
  assert.equal(
    said,
    '✓ grind of mill: 2 to 4 containers, 0 more as a buffer, let go when idle for 5m.\n' +
      'Deploys keep minContainers and scaledownWindow so, until one sets it in its manifest.\n',
  )
  await until('two containers to be ready', async () => (await ready()).length === 2)
  assert.match(
    await installation.run('app', 'describe', 'mill'),
    /\ngrind .* 2 to 4 +minContainers scaledownWindow /,
  )
  assert.equal((await installation.json('app', 'describe', 'mill')).liveVersion, 1)
})

test('a function that is not there, and settings that contradict each other, are refused', async () => {
  const above = await installation.cli('app', 'autoscaler', 'mill.grind', '--min', '5')
  assert.deepEqual(
    [above.code, above.stderr.includes('minContainers would leave minContainers at 5')],
    [1, true],
  )
  const wrong = await installation.cli('app', 'autoscaler', 'mill.grnid', '--min', '1')
  assert.deepEqual([wrong.code, wrong.stderr.includes('Did you mean "grind"?')], [1, true])
  assert.equal((await installation.cli('app', 'autoscaler', 'mill.grind', '--min', 'two')).code, 2)
  assert.equal((await installation.json('app', 'autoscaler', 'mill.grind')).minContainers, 2)
})

test('lowering the most lets idle containers go at once, and none that works before it is done', async () => {
  const gate = join(folder.path, 'gate')
  const calls = await Promise.all([1, 2].map(() => installation.json('call', 'mill.grind', gate, '--spawn')))
  await until('both to run', async () => {
    const statuses = await Promise.all(calls.map(({ id }) => statusOf(id)))
    return statuses.every((status) => status === 'running')
  })
  const lowered = await installation.run('app', 'autoscaler', 'mill.grind', '--min', '0', '--max', '1')
  assert.match(
    lowered,
    /\nThe next deploy ends what was set for maxContainers, if its manifest still sets it, as v1 does\.\n/,
  )
  await until('one to take nothing more', async () => (await ready()).length === 1)
  await writeFile(gate, '')
  for (const { id } of calls) await until('the call to end', async () => (await statusOf(id)) === 'succeeded')
  await until('it to be gone', async () => (await containers()).length === 1)
})

test('what was set outlives a deploy, but not one that sets the same, which says so', async () => {
  await folder.write('app.ts', source('timeout: "5m"', '!'))
  assert.doesNotMatch(await installation.run('deploy', folder.entry), /set by hand/)
  assert.equal((await installation.json('app', 'autoscaler', 'mill.grind')).maxContainers, 1)

  await folder.write('app.ts', source('maxContainers: 3'))
  assert.match(
    await installation.run('deploy', folder.entry, '--plan'),
    /\n {2}~ grind: maxContainers 1 → 3\n/,
  )
  const { code, stderr } = await installation.cli('deploy', folder.entry)
  assert.equal(code, 0)
  assert.match(stderr, /maxContainers of grind will be 3 again, as the file says: 1 was set by hand\./)
  const { maxContainers, overrides } = await installation.json('app', 'autoscaler', 'mill.grind')
  assert.deepEqual([maxContainers, overrides], [3, { minContainers: 0, scaledownWindow: 300 }])

  assert.match(
    await installation.run('app', 'autoscaler', 'mill.grind', '--reset'),
    /\nThat is what its manifest says\.\n/,
  )
  const { items } = await installation.json('audit', 'list')
  const changes = items.filter(({ action }: { action: string }) => action === 'autoscaler.changed')
  assert.deepEqual([changes.length, changes[0].after], [3, 'as the manifest has it'])
})

async function containers(): Promise<ContainerView[]> {
  return (await installation.json('container', 'list', 'mill')).items
}

async function ready(): Promise<ContainerView[]> {
  return (await containers()).filter(({ state }) => state === 'ready')
}

async function statusOf(id: string): Promise<string> {
  return (await installation.api('GET', `/v1/calls/${id}`)).body.status
}
