import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { CallView } from '../../protocol/api.ts'
import { AppFolder } from './app-folder.ts'
import { runCaller } from './caller.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'

const INPUTS = 1_000
/** Some seconds on a machine of one's own. Ten containers that each waited a second for the next input would take longer. */
const MAP_WITHIN_MS = 90_000
const LARGE_BYTES = 10_000_000
/** Seconds that the API holds an answer about a call. */
const WAIT = 25

const source = (change: string) => `
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('coded')
const change = '${change}'
const version = Number(process.env.SLUICE_VERSION)

export const square = app.function(async (n: number) => n * n)

export const odd = app.function(async (n: number) => {
  if (n % 2 === 0) throw new RangeError(n + ' is even')
  return n
})

export const echo = app.function(async (text: string) => text)

export const hash = app.function(async (text: string) => createHash('sha256').update(text).digest('hex'))

export const inner = app.function({ concurrency: 10 }, async (n: number) => [n, version, change])

export const middle = app.function(async () => inner.remote(0))

export const outer = app.function(async (gate?: string) => {
  while (gate && !existsSync(gate)) await sleep(20)
  return {
    version,
    direct: await inner.remote(1),
    nested: await middle.remote(),
    mapped: await inner.map([2, 3, 4]),
    spawned: await (await inner.spawn(5)).get(),
  }
})

export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': source('first') })
  await installation.run('deploy', folder.entry)
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const call = (program: string) => runCaller(installation, folder, program)

const callView = async (id: string, wait = 0) =>
  (await installation.api('GET', `/v1/calls/${id}?wait=${wait}`)).body

test(`a map over ${INPUTS} inputs gives ${INPUTS} results in their order, and soon`, async () => {
  const { results, ms } = await call(`
    import { Function } from 'sluice'
    const square = Function.fromName<(n: number) => number>('coded', 'square')
    const begun = performance.now()
    const results = await square.map(Array.from({ length: ${INPUTS} }, (_, n) => n))
    console.log(JSON.stringify({ results, ms: performance.now() - begun }))
  `)
  assert.deepEqual(
    results,
    Array.from({ length: INPUTS }, (_, n) => n * n),
  )
  assert.ok(ms < MAP_WITHIN_MS, `it took ${ms} ms`)
  const { items } = await installation.json('container', 'list', 'coded')
  assert.ok(items.length <= 10, `${items.length} containers, maxContainers being 10`)
})

test('a map says which of its inputs failed, in their places', async () => {
  const [two, three, error] = await call(`
    import { Function, RemoteError } from 'sluice'
    const odd = Function.fromName<(n: number) => number>('coded', 'odd')
    const some = await odd.map([2, 3], { returnErrors: true })
    const thrown = await odd.map([1, 4, 5]).catch((error) => error)
    const words = (it: unknown) => (it instanceof RemoteError ? it.name + ': ' + it.message : it)
    console.log(JSON.stringify([...some, thrown].map(words)))
  `)
  assert.deepEqual([two, three, error], ['RangeError: 2 is even', 3, 'RangeError: 4 is even'])
})

test('arguments and results of 10 MB arrive whole, by way of blobs', async () => {
  const { isSame, sent, received, id } = await call(`
    import { createHash } from 'node:crypto'
    import { Function } from 'sluice'
    const text = 'é'.repeat(${LARGE_BYTES / 2})
    const echoed = await Function.fromName('coded', 'echo').spawn(text)
    const isSame = (await echoed.get()) === text
    const received = await Function.fromName('coded', 'hash').remote(text)
    const sent = createHash('sha256').update(text).digest('hex')
    console.log(JSON.stringify({ isSame, sent, received, id: echoed.id }))
  `)
  assert.ok(isSame)
  assert.equal(received, sent)
  const view = await callView(id)
  assert.equal(view.result, undefined)
  const url = new URL(view.resultUrl)
  const blob = await installation.api('GET', url.pathname + url.search, undefined, 'none')
  assert.equal(blob.body.length, LARGE_BYTES / 2)
})

test('calls that a function makes go to the live version, unless its own call is pinned to another', async () => {
  const begun = await installation.api('POST', '/v1/apps/coded/functions/outer/calls', {
    args: [join(folder.path, 'gate')],
  })
  await until('it to run on v1', async () => (await callView(begun.body.id)).status === 'running')
  await folder.write('app.ts', source('second'))
  await installation.run('deploy', folder.entry)
  await folder.write('gate', '')
  const callees = (version: number, change: string) => ({
    direct: [1, version, change],
    nested: [0, version, change],
    mapped: [2, 3, 4].map((n) => [n, version, change]),
    spawned: [5, version, change],
  })
  const [live, pinned] = await call(`
    import { Function } from 'sluice'
    const live = Function.fromName('coded', 'outer').remote()
    const pinned = Function.fromName('coded', 'outer', { version: 1 }).remote()
    console.log(JSON.stringify(await Promise.all([live, pinned])))
  `)
  assert.deepEqual(live, { version: 2, ...callees(2, 'second') })
  assert.deepEqual(pinned, { version: 1, ...callees(1, 'first') })
  await until('it to have ended', async () => (await callView(begun.body.id, WAIT)).endedAt !== undefined)
  const { result } = await callView(begun.body.id)
  assert.deepEqual(result, { version: 1, ...callees(2, 'second') })
  const { body: children } = await installation.api('GET', `/v1/calls/${begun.body.id}/children`)
  assert.deepEqual(
    children.items.map((child: CallView) => [child.parent, child.by]),
    Array(6).fill([begun.body.id, 'coded.outer']),
    'and each of them tells whose it is',
  )
})

test('an app’s own file, imported by a plain program, calls what is deployed', async () => {
  const result = await call(`
    import { inner } from './app.ts'
    console.log(JSON.stringify({ remote: await inner.remote(6), local: await inner.local(6) }))
  `)
  assert.deepEqual(result, { remote: [6, 2, 'second'], local: [6, null, 'second'] })
})

test('what cannot be called is refused in words that help', async () => {
  const refused = await call(`
    import { Function, HttpError } from 'sluice'
    const tried = [
      Function.fromName('coded', 'sqare').remote(1),
      Function.fromName('codde', 'square').remote(1),
      Function.fromName('coded', 'square', { version: 9 }).remote(1),
    ]
    const errors = await Promise.all(tried.map((it) => it.catch((error) => error)))
    console.log(JSON.stringify(errors.map((it) => it instanceof HttpError && it.code + ': ' + it.message)))
  `)
  assert.match(refused[0], /^function_not_found: .*Did you mean "square"/)
  assert.match(refused[1], /^app_not_found: .*Did you mean "coded"/)
  assert.match(refused[2], /^version_not_found: .*from v1 to v2/)
})
