import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'
import type { LogQuery, Logs } from '../../control/ports.ts'
import type { LogLine } from '../../protocol/runtime.ts'
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
      const last = lines.next()
      abort.abort()
      assert.equal((await last).done, true)
    })
  })
}
