import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { ContainerView } from '../../protocol/api.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { isRunning } from './processes.ts'
import { until } from './reached.ts'

/** Seconds that the API holds an answer about a call. */
const WAIT = 25

const SOURCE = `
import { appendFileSync, existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('calls')
const ANSWERS: Record<string, unknown> = { text: 'plain text', nothing: undefined, bigint: 1n, code: () => 1 }

export const echo = app.function(async (value: unknown) => value)

export const answer = app.function(async (which: string) => ANSWERS[which])

export const explode = app.function(async (where: string) => burst(where))

function burst(where: string): never {
  throw new RangeError('too far ' + where)
}

export const nap = app.function({ timeout: 3, maxContainers: 1 }, async (how: 'not' | 'idle' | 'busy') => {
  if (how === 'idle') await sleep(600_000)
  while (how === 'busy') {}
  return process.pid
})

export const flaky = app.function(
  { retries: { max: 2, initialDelay: 0.4, backoff: 3 } },
  async (log: string, failures: number) => {
    appendFileSync(log, Date.now() + '\\n')
    const attempt = (await lines(log)).length
    if (attempt <= failures) throw new Error('attempt ' + attempt)
    return attempt
  },
)

export const patient = app.function({ maxContainers: 1 }, async (log: string, gate: string) => {
  appendFileSync(log, process.pid + '\\n')
  while (!existsSync(gate)) await sleep(20)
  return gate
})

async function lines(file: string) {
  const { readFile } = await import('node:fs/promises')
  return (await readFile(file, 'utf8')).trim().split('\\n')
}

export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': SOURCE })
  await installation.run('deploy', folder.entry)
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('a call answers what its function returned, and says why where that is no JSON', async () => {
  const value = { list: [1, 'é', null], nested: { deep: true } }
  const { status, result, attempts } = await installation.json('call', 'calls.echo', JSON.stringify(value))
  assert.deepEqual({ status, result, attempts }, { status: 'succeeded', result: value, attempts: 1 })
  assert.equal(await installation.run('call', 'calls.answer', 'text'), 'plain text\n')
  assert.equal(await installation.run('call', 'calls.answer', 'nothing'), 'null\n')
  for (const [which, why] of [
    ['bigint', /TypeError: .* serialize a BigInt\. Return plain data/],
    ['code', /TypeError: The function returned a function.* Return plain data/],
  ] as const) {
    const { code, stdout, stderr } = await installation.cli('call', 'calls.answer', which)
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' })
    assert.match(stderr, why)
  }
})

test('what a function throws arrives with the author’s own stack', async () => {
  const line = SOURCE.split('\n').findIndex((text) => text.includes('throw new RangeError')) + 1
  const failed = await installation.cli('call', 'calls.explode', 'east')
  assert.equal(failed.code, 1)
  assert.match(
    failed.stderr,
    new RegExp(`^✗ RangeError: too far east\n    at burst \\(app\\.ts:${line}:\\d+\\)\n`),
  )
  assert.doesNotMatch(failed.stderr, /cli\/|sdk\/|node:internal/)
})

test('a call that takes too long costs its process its life, whatever that does, and the container goes on', async () => {
  const pids = [await resultOf('nap', 'not')]
  const [container] = await containersOf('nap')
  for (const how of ['idle', 'busy']) {
    const { code, stderr } = await installation.cli('call', 'calls.nap', how)
    assert.equal(code, 1)
    assert.match(
      stderr,
      /^✗ TimeoutError: The call took longer than its timeout of 3 s\.\n {4}at remote call (ca-\w+)\nIts log: sluice app logs calls --call \1\n$/,
    )
    pids.push(await resultOf('nap', 'not'))
  }
  assert.equal(new Set(pids).size, 3)
  for (const pid of pids.slice(0, 2)) assert.equal(await isRunning(Number(pid)), false)
  assert.deepEqual(
    (await containersOf('nap')).map(({ id }) => id),
    [container?.id],
  )
})

test('a call that fails is tried again, later each time, until it succeeds or its retries are used up', async () => {
  const log = join(folder.path, 'flaky')
  const succeeded = await call('flaky', [log, 2])
  assert.deepEqual(
    { status: succeeded.status, result: succeeded.result, attempts: succeeded.attempts },
    { status: 'succeeded', result: 3, attempts: 3 },
  )
  const [first = 0, second = 0, third = 0] = (await linesOf(log)).map(Number)
  assert.ok(second - first >= 400, `${second - first} ms before the first retry`)
  assert.ok(third - second >= 1_200, `${third - second} ms before the second`)

  const failed = await call('flaky', [join(folder.path, 'hopeless'), 9])
  assert.deepEqual(
    { status: failed.status, message: failed.error.message, attempts: failed.attempts },
    { status: 'failed', message: 'attempt 3', attempts: 3 },
  )
})

test('the same idempotency key is the same call, run once, and refused for another one', async () => {
  const log = join(folder.path, 'once')
  const request = { args: [log, 0], idempotencyKey: 'order-7', wait: WAIT }
  const answers = await Promise.all(Array.from({ length: 10 }, () => post('flaky', request)))
  answers.push(await post('flaky', request))
  const [first] = answers
  for (const { status, body } of answers) {
    assert.equal(status, 200)
    assert.deepEqual(body, first?.body)
  }
  assert.equal((await linesOf(log)).length, 1)

  for (const other of [post('flaky', { ...request, args: [log, 1] }), post('echo', request)]) {
    const { status, body } = await other
    assert.deepEqual({ status, code: body.code }, { status: 409, code: 'idempotency_conflict' })
    assert.match(body.detail, /"order-7" belongs to another call/)
  }
})

test('a call that is cancelled while it waits never runs, and one that runs is stopped', async () => {
  const log = join(folder.path, 'patient')
  const gate = join(folder.path, 'gate')
  const running = await post('patient', { args: [log, join(folder.path, 'never')] })
  await until('the first call to run', async () => (await linesOf(log)).length === 1)
  const [container] = await containersOf('patient')
  const waiting = await post('patient', { args: [log, gate] })
  const next = await post('patient', { args: [log, gate] })
  const cancelled = { name: 'Cancelled', message: 'The call was cancelled.' }

  for (const { body } of [waiting, running]) {
    const { status, body: view } = await installation.api('POST', `/v1/calls/${body.id}/cancel`)
    assert.deepEqual(
      { status, end: view.status, error: view.error },
      { status: 200, end: 'cancelled', error: cancelled },
    )
  }
  const [pid] = (await linesOf(log)).map(Number)
  await until('the process of the cancelled call to end', async () => !(await isRunning(pid ?? 0)))

  await folder.write('gate', '')
  assert.equal((await ended(next.body.id)).status, 'succeeded')
  assert.equal((await linesOf(log)).length, 2, 'the call that waited has run')
  assert.deepEqual(
    (await containersOf('patient')).map(({ id }) => id),
    [container?.id],
  )
  assert.equal((await installation.api('POST', `/v1/calls/${next.body.id}/cancel`)).body.status, 'succeeded')
})

const post = (name: string, body: unknown) =>
  installation.api('POST', `/v1/apps/calls/functions/${name}/calls`, body)

async function call(name: string, args: unknown[]) {
  return ended((await post(name, { args })).body.id)
}

async function ended(id: string) {
  for (;;) {
    const { body } = await installation.api('GET', `/v1/calls/${id}?wait=${WAIT}`)
    if (body.endedAt !== undefined) return body
  }
}

async function resultOf(name: string, ...args: string[]): Promise<unknown> {
  return (await installation.json('call', `calls.${name}`, ...args)).result
}

async function containersOf(name: string): Promise<ContainerView[]> {
  const { items } = await installation.json('container', 'list', 'calls')
  return items.filter((container: ContainerView) => container.function === name)
}

async function linesOf(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').filter(Boolean)
}
