import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startContainer } from './container.ts'

const LIMIT = { timeout: 30_000 }

test('each line of output carries its call, also where calls run side by side', LIMIT, async (t) => {
  const { plane, container } = await startContainer(t, {
    bundle: 'prints.mjs',
    function: 'prints',
    spec: { concurrency: 2 },
  })
  const calls = ['a', 'b'].map((name) => plane.call(`ca-${name}`, [name, `${plane.url}/gate/${name}`]))
  await Promise.all([plane.gates.arrival('a'), plane.gates.arrival('b')])
  plane.gates.open('b')
  plane.gates.open('a')
  await Promise.all(calls)
  const last = ['a ends', 'b ends', 'a has no line end', 'b has no line end']
  await Promise.all(last.map((line) => container.logged(line)))
  const linesOf = (call: string | undefined) =>
    container.logs
      .filter((entry) => entry.call === call && !entry.line.startsWith('xx'))
      .map(({ source, line }) => `${source}: ${line}`)
      .toSorted()
  assert.deepEqual(linesOf(undefined), ['stdout: loaded', 'system: The container is ready.'])
  for (const name of ['a', 'b']) {
    assert.deepEqual(linesOf(`ca-${name}`), [
      `stderr: ${name} has no line end`,
      `stdout: ${name} begins`,
      `stdout: ${name} ends`,
    ])
  }
  const { env, app, version, container: id } = await container.logged('loaded')
  assert.deepEqual({ env, app, version, id }, { env: 'main', app: 'fixture', version: 7, id: 'co-1' })
})

test('a line without an end is cut, each piece with its call', LIMIT, async (t) => {
  const { plane, container } = await startContainer(t, { bundle: 'prints.mjs', function: 'prints' })
  const call = plane.call('ca-1', ['one', `${plane.url}/gate/one`])
  await plane.gates.arrival('one')
  plane.gates.open('one')
  await call
  const pieces = () => container.logs.filter(({ line }) => line.startsWith('xx'))
  await container.until(() => pieces().length === 7)
  assert.deepEqual(
    pieces().map(({ line, call: of }) => [line.length, of]),
    [...Array.from({ length: 6 }, () => [15_000, 'ca-1']), [10_000, 'ca-1']],
  )
})

test(
  'bytes become characters however they are cut, and no text passes for the mark of a call',
  LIMIT,
  async (t) => {
    const { plane, container } = await startContainer(t, { bundle: 'prints.mjs', function: 'printsBytes' })
    await plane.call('ca-1', [])
    await container.until(() => container.logs.filter(({ line }) => line.startsWith('\0')).length === 4)
    const lines = container.logs.filter(({ call }) => call === 'ca-1').map(({ line }) => line)
    assert.deepEqual(lines.slice(0, 4), [
      'é€😀 and 01ff004142',
      'def',
      '\ufffd\0',
      '\x1b_sluice:ca-2\x1b\\of another call',
    ])
    for (const entry of container.logs) assert.ok(Buffer.byteLength(JSON.stringify(entry)) < 16_384)
  },
)
