import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { processesOf } from './processes.ts'
import { until } from './reached.ts'

const SOURCE = `
import { App, Period } from 'sluice'
const app = new App('desk')
export const add = app.function({ minContainers: 1 }, async (a: number, { b }: { b: number }) => {
  console.log('adding', a, b)
  return (await double.remote(a)) + b
})
export const double = app.function((n: number) => {
  console.error('doubling', n)
  return n * 2
})
export const fail = app.function(() => { throw new RangeError('out of paper') })
export const tick = app.function({ schedule: Period({ minutes: 1 }) }, () => 'ticked')
export const page = app.web({ label: 'desk' }, () => new Response('hi'))
export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': SOURCE })
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('a function is run once: its result is printed, and what all of its app wrote beside it', async () => {
  const { code, stdout, stderr } = await run('add', '2', '{"b":3}')
  assert.deepEqual([code, stdout], [0, '7\n'], stderr)
  assert.match(stderr, /^adding 2 3$/m)
  assert.match(stderr, /^doubling 2$/m)
  await nothingIsLeft()
})

test('a scheduled one, too, and the answer of the API for programs', async () => {
  const { stdout } = await run('tick', '--json')
  assert.deepEqual([JSON.parse(stdout).status, JSON.parse(stdout).result], ['succeeded', 'ticked'])
})

test('one that fails says how, and so does the exit code', async () => {
  const { code, stdout, stderr } = await run('fail')
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /✗ RangeError: out of paper\n/)
  await nothingIsLeft()
})

test('what cannot be run is told before anything is deployed', async () => {
  const refused = async (target: string, words: RegExp, exit = 1) => {
    const { code, stderr } = await installation.cli('run', target)
    assert.deepEqual([code, words.test(stderr)], [exit, true], stderr)
  }
  const before = await installation.json('audit', 'list')
  await refused(`${folder.entry}::ad`, /has no function "ad"\. Did you mean "add"\?/)
  await refused(`${folder.entry}::page`, /page is a web function\. Try it out with "sluice serve /)
  await refused(`${folder.entry}::constructor`, /has no function "constructor"/)
  await refused(folder.entry, /does not say which function\. It has add, double, fail, tick\./)
  await refused(`${folder.entry}::`, /Write a function as FILE::FUNCTION/, 2)
  await refused('nowhere.ts::add', /There is no file nowhere\.ts/)
  assert.deepEqual(await installation.json('audit', 'list'), before)
})

function run(name: string, ...args: string[]) {
  return installation.cli('run', `${folder.entry}::${name}`, ...args)
}

/** Neither an app, nor a container, nor a line of its log. */
async function nothingIsLeft(): Promise<void> {
  await until('its app to be gone', async () => (await installation.json('app', 'list')).items.length === 0)
  await until('its log to be gone', async () => {
    const logs = await readdir(join(installation.dir, 'logs', 'main')).catch(() => [])
    return logs.length === 0
  })
  await until('its processes to be gone', async () => {
    const processes = await processesOf(installation.dir)
    return processes.every(({ pid }) => pid === installation.pid)
  })
}
