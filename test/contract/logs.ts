import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'
import type { LogQuery, Logs } from '../../control/log-port.ts'
import type { LogLine } from '../../protocol/log-line.ts'
import { type Conditions, itExcept } from './conditions.ts'

export interface ContainerLine extends LogLine {
  function: string
  version: number
  container: string
}

export interface LogsRig {
  logs: Logs
  /** Writes lines as the container that they name would, and returns once they can be read. */
  write(lines: ContainerLine[]): Promise<void>
  close(): Promise<void>
}

/** A moment ago: a store may tell a line's time by when it came. */
const START = Date.now() - 10_000
const SHOP = { env: 'main', app: 'shop' }
const at = (second: number) => new Date(START + second * 1000).toISOString()

/** A line that says when it was written, `s3` for the third second. */
function lineAt(second: number, fields: Partial<ContainerLine> = {}): ContainerLine {
  const where = { ...SHOP, function: 'index', version: 1, container: 'co-1' }
  return { at: at(second), source: 'stdout', ...where, line: `s${second}`, ...fields }
}

export async function allOf(lines: AsyncIterable<LogLine>): Promise<LogLine[]> {
  const all: LogLine[] = []
  for await (const line of lines) all.push(line)
  return all
}

/** What whoever reads logs relies on. */
export function logsContract(
  name: string,
  makeLogs: () => Promise<LogsRig>,
  conditions: Conditions = {},
): void {
  const it = itExcept(conditions)
  describe(`${name} as logs`, { skip: conditions.skip ?? false, concurrency: true }, () => {
    const scene = async (t: TestContext) => {
      const rig = await makeLogs()
      t.after(() => rig.close())
      const read = async (query: Partial<LogQuery> = {}) => {
        const lines = await allOf(rig.logs.read({ ...SHOP, tail: 100, follow: false, ...query }))
        return lines.map(({ line }) => line)
      }
      return { ...rig, read }
    }

    it('gives a line back as it was written', async (t) => {
      const { logs, write } = await scene(t)
      const line = lineAt(1, { source: 'stderr', call: 'ca-1', line: 'ünïcode\t"quoted"' })
      await write([line])
      const [{ id, ...read } = line, ...others] = await allOf(logs.read({ ...SHOP, tail: 2, follow: false }))
      assert.deepEqual([read, others], [line, []])
      assert.notEqual(id, undefined)
    })

    it('gives the lines of all containers in the order of time', async (t) => {
      const { write, read } = await scene(t)
      await write([lineAt(1), lineAt(4)])
      await write([lineAt(2, { container: 'co-2' }), lineAt(3, { container: 'co-2' })])
      assert.deepEqual(await read(), ['s1', 's2', 's3', 's4'])
    })

    it('gives the last ones of those that are asked for', async (t) => {
      const { write, read } = await scene(t)
      const second = { container: 'co-2', function: 'search', version: 2 }
      await write([lineAt(1), lineAt(3, { call: 'ca-1' }), lineAt(5, { source: 'stderr', line: 'boom!' })])
      await write([lineAt(2, second), lineAt(4, { ...second, call: 'ca-1' })])
      const LINES: [query: Partial<LogQuery>, lines: string[]][] = [
        [{ tail: 2 }, ['s4', 'boom!']],
        [{ tail: 2, call: 'ca-1' }, ['s3', 's4']],
        [{ tail: 1, function: 'search' }, ['s4']],
        [{ version: 1 }, ['s1', 's3', 'boom!']],
        [{ container: 'co-2' }, ['s2', 's4']],
        [{ source: 'stderr' }, ['boom!']],
        [{ search: 'oom' }, ['boom!']],
        [{ since: START + 3_000 }, ['s3', 's4', 'boom!']],
        [{ tail: 2, until: START + 3_000 }, ['s2', 's3']],
        [{ function: 'nothing' }, []],
      ]
      for (const [query, lines] of LINES) assert.deepEqual(await read(query), lines, JSON.stringify(query))
    })

    it('gives nothing of another app, or of one that never wrote', async (t) => {
      const { write, read } = await scene(t)
      await write([lineAt(1, { app: 'blog' }), lineAt(2, { env: 'staging' })])
      assert.deepEqual(await read(), [])
    })

    it('gives what the control plane says of the app among what its containers wrote, once however often it is told', async (t) => {
      const { logs, write, read } = await scene(t)
      await write([lineAt(1), lineAt(4)])
      const live = { id: 'v1/live', at: START + 3_000, version: 1, line: 'v1 is live' }
      const about = { id: 'co-1/starts', at: START + 500, function: 'index', version: 1, container: 'co-1' }
      await logs.write(SHOP, [{ ...about, line: 'co-1 starts' }, live])
      await logs.write(SHOP, [{ ...live, at: START + 3_500 }])
      await logs.write({ env: 'main', app: 'blog' }, [{ ...live, line: 'of another app' }])
      assert.deepEqual(await read(), ['co-1 starts', 's1', 'v1 is live', 's4'])
      assert.deepEqual(await read({ source: 'system' }), ['co-1 starts', 'v1 is live'])
      assert.deepEqual(await read({ container: 'co-1' }), ['co-1 starts', 's1', 's4'])
      assert.deepEqual(await read({ function: 'index', source: 'system' }), ['co-1 starts'])
      assert.deepEqual(await read({ call: 'ca-1' }), [])
      const [first] = await allOf(logs.read({ ...SHOP, tail: 1, source: 'system', follow: false }))
      assert.deepEqual(first, {
        ...SHOP,
        id: 'v1/live',
        at: at(3),
        source: 'system',
        version: 1,
        line: 'v1 is live',
      })
    })

    it('tells lines apart by their ids, which stay', async (t) => {
      const { logs, write } = await scene(t)
      await write([lineAt(1, { line: 'same' }), lineAt(1, { line: 'same' })])
      await write([lineAt(1, { line: 'same', container: 'co-2' })])
      const ids = async (tail: number) => {
        const lines = await allOf(logs.read({ ...SHOP, tail, follow: false }))
        return lines.map(({ id }) => id)
      }
      const all = await ids(100)
      assert.equal(new Set(all).size, 3)
      assert.deepEqual(new Set(await ids(3)), new Set(all))
    })

    it('leaves nothing of an app that is removed, and all of the others', async (t) => {
      const { logs, write, read } = await scene(t)
      const said = { id: 'v1/live', at: START, version: 1, line: 'v1 is live' }
      await write([lineAt(1), lineAt(2, { app: 'blog' })])
      await logs.write(SHOP, [said])
      await logs.remove(SHOP)
      await logs.remove(SHOP)
      assert.deepEqual(await read(), [])
      assert.deepEqual(await read({ app: 'blog' }), ['s2'])
      await logs.write(SHOP, [{ ...said, id: 'v2/live', line: 'v2 is live' }])
      assert.deepEqual(await read(), ['v2 is live'])
    })

    it('goes on with what is written from then on, also by new containers, until it is aborted', {
      timeout: 60_000,
    }, async (t) => {
      const { logs, write } = await scene(t)
      await write([lineAt(1), lineAt(2)])
      const abort = new AbortController()
      const query = { ...SHOP, tail: 1, search: 's', follow: true }
      const lines = logs.read(query, abort.signal)[Symbol.asyncIterator]()
      const next = async () => (await lines.next()).value?.line
      assert.equal(await next(), 's2')
      await write([lineAt(3), lineAt(4, { line: 'other' })])
      assert.equal(await next(), 's3')
      const waiting = next()
      await write([lineAt(5, { container: 'co-2' })])
      assert.equal(await waiting, 's5')
      await write([lineAt(6)])
      assert.equal(await next(), 's6')
      await logs.write(SHOP, [{ id: 'v2/live', at: START + 7_000, version: 2, line: 's7 of the system' }])
      assert.equal(await next(), 's7 of the system')
      const last = lines.next()
      abort.abort()
      assert.equal((await last).done, true)
    })
  })
}
