import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { replaced } from '../../scripts/benchmark/page.ts'
import { type Contestant, interleaved, type Row, rowsOf } from '../../scripts/benchmark/rounds.ts'
import { ROOT, textOf } from '../docs/documents.ts'

/** Without peers on the PATH, and with loads too short for figures that mean anything. */
const QUICK = ['--rounds', '1', '--slice', '20']

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'))
  for (const command of ['sh', 'dirname', 'env', 'find', 'head', 'sed', 'git'])
    await symlink(join('/usr/bin', command), join(folder, command))
  await symlink(process.execPath, join(folder, 'node'))
})
after(() => rm(folder, { recursive: true }))

interface Run {
  rows: Row[]
  skipped: string[]
}

async function bench(...args: string[]): Promise<Run & { printed: string }> {
  const json = join(folder, 'figures.json')
  const { stdout: printed } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'scripts/bench.ts'), ...QUICK, '--json', json, ...args],
    { env: { ...process.env, PATH: folder }, encoding: 'utf8' },
  )
  return { ...JSON.parse(await readFile(json, 'utf8')), printed }
}

test('every group measures Sluice and its limit, and names the peers that are not there', async () => {
  const { rows, skipped, printed } = await bench()
  const groups = new Set(rows.map(({ group }) => group))
  const marks = Array.from(
    textOf('docs/benchmarks.md').matchAll(/<!-- end of (\w+) -->/g),
    ([, name]) => name,
  )
  assert.deepEqual([...groups, 'run', 'goals'].sort(), marks.sort())
  for (const row of rows) {
    assert.ok(printed.includes(row.contestant), row.contestant)
    assert.ok(Number.isFinite(row.value.median), `${row.group}: ${row.measure} of ${row.contestant}`)
  }
  for (const peer of [
    'BullMQ on Redis (calls)',
    'nginx (ingress)',
    'kamal-proxy (cutover)',
    'pm2 (cutover)',
  ]) {
    assert.ok(
      skipped.some((said) => said.startsWith(peer)),
      peer,
    )
  }
  const failed = rows.find(({ measure, side }) => measure === 'failed requests' && side === 'ours')
  assert.equal(failed?.value.sum, 0)
})

test('a ratio is taken within its round, and the median of these is shown', async () => {
  const contestant = (name: string, side: Contestant['side'], values: number[]): Contestant => ({
    name,
    side,
    run: async (round) => ({ time: values[round] ?? Number.NaN }),
  })
  const series = await interleaved(
    [
      contestant('limit', 'limit', [1, 10, 100]),
      contestant('Sluice', 'ours', [3, 20, 400]),
      contestant('peer', 'peer', [6, 10, 100]),
    ],
    { rounds: 3, skip: () => assert.fail('nobody is skipped') },
  )
  const [limit, ours, peer] = rowsOf('group', { time: { title: 'time', unit: 'ms' } }, series)
  assert.deepEqual(ours?.value, { median: 20, min: 3, max: 400, sum: 423, of: 3 })
  assert.equal(ours?.toLimit?.median, 3)
  assert.equal(limit?.oursToIt?.max, 4)
  assert.equal(peer?.oursToIt?.median, 2)
})

test('a peer that breaks is named and left out, and the others go on', async () => {
  const skipped: string[] = []
  const ours: Contestant = { name: 'Sluice', side: 'ours', run: async () => ({ time: 1 }) }
  const peer: Contestant = { name: 'peer', side: 'peer', run: () => Promise.reject(new Error('no memory')) }
  const bench = { rounds: 2, skip: (name: string, how: string) => skipped.push(`${name}: ${how}`) }
  const series = await interleaved([peer, ours], bench)
  assert.deepEqual(
    series.map(({ contestant, samples }) => [contestant.name, samples.length]),
    [['Sluice', 2]],
  )
  assert.deepEqual(skipped, ['peer: it broke: no memory'])
  await assert.rejects(interleaved([{ ...peer, side: 'ours' }], bench), /no memory/)
})

test('tables take their places in the page and nothing else', () => {
  const page = 'above\n<!-- calls -->\nold\n<!-- end of calls -->\nbelow\n'
  assert.equal(
    replaced(page, 'calls', 'new'),
    'above\n<!-- calls -->\n\nnew\n\n<!-- end of calls -->\nbelow\n',
  )
  assert.throws(() => replaced(page, 'ingress', 'new'), /no place for ingress/)
})

test('only a whole run is written into the page', async () => {
  await assert.rejects(bench('--write'), /leave out --only and --rounds/)
})
