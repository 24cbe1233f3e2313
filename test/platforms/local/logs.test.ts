import assert from 'node:assert/strict'
import { closeSync, readFileSync, renameSync, truncateSync, utimesSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { openLog } from '../../../platforms/local/logs/files.ts'
import { FolderWatch } from '../../../platforms/local/logs/folder-watch.ts'
import { LocalLogs } from '../../../platforms/local/logs.ts'
import { allOf, type ContainerLine, logsContract } from '../../contract/logs.ts'

const SHOP = { env: 'main', app: 'shop' }
const HEADER = { ...SHOP, function: 'index', version: 1, container: 'co-1' }
const LAST = { ...SHOP, tail: 100, follow: false }

/** Logs in a folder of their own, and the descriptors that containers would write to. */
async function scene() {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-logs-'))
  const open = new Map<string, number>()
  const descriptor = ({ env, app, function: name, version, container }: typeof HEADER) => {
    const key = `${env}/${app}/${container}`
    const known = open.get(key) ?? openLog(dir, { env, app, function: name, version, container })
    open.set(key, known)
    return known
  }
  return {
    dir,
    logs: new LocalLogs(dir),
    writeLine: (line: ContainerLine) => writeSync(descriptor(line), `${JSON.stringify(line)}\n`),
    writeText: (text: string) => writeSync(descriptor(HEADER), text),
    close: async () => {
      for (const file of open.values()) closeSync(file)
      await rm(dir, { recursive: true })
    },
  }
}

async function sceneOf(t: TestContext) {
  const made = await scene()
  t.after(() => made.close())
  return made
}

const lineAt = (ms: number, line: string): ContainerLine => ({
  at: new Date(ms).toISOString(),
  source: 'stdout',
  ...HEADER,
  line,
})

logsContract('LocalLogs', async () => {
  const { logs, writeLine, close } = await scene()
  return {
    logs,
    write: async (lines) => {
      for (const line of lines) writeLine(line)
    },
    close,
  }
})

describe('LocalLogs', () => {
  it('gives what is no log line as one of the system, with what the container is known by', async (t) => {
    const { logs, writeLine, writeText } = await sceneOf(t)
    writeText('Segmentation fault\n')
    writeLine(lineAt(1_000, 'between'))
    writeText('{"looks": "like JSON"}\nFATAL: out of memory')
    const lines = await allOf(logs.read(LAST))
    assert.deepEqual(
      lines.map(({ source, line }) => [source, line]),
      [
        ['system', 'Segmentation fault'],
        ['stdout', 'between'],
        ['system', '{"looks": "like JSON"}'],
        ['system', 'FATAL: out of memory'],
      ],
    )
    assert.equal(lines[0]?.at, lines[1]?.at)
    for (const { env, app, function: name, version, container } of lines) {
      assert.deepEqual({ env, app, function: name, version, container }, HEADER)
    }
  })

  it('reads as much of a large log as its tail takes', {
    skip: process.platform !== 'linux' && 'only Linux tells how much a process has read',
  }, async (t) => {
    const { logs, writeText } = await sceneOf(t)
    const block = `${JSON.stringify(lineAt(1_000, 'x'.repeat(200)))}\n`.repeat(3_000)
    for (let times = 0; times < 20; times++) writeText(block)
    writeText(`${JSON.stringify(lineAt(2_000, 'late'))}\n`)
    const before = bytesRead()
    assert.equal((await allOf(logs.read(LAST))).length, 100)
    assert.equal((await allOf(logs.read({ ...LAST, since: 2_000 }))).length, 1)
    assert.ok(bytesRead() - before < 500_000, `read ${bytesRead() - before} bytes`)
  })

  it('gives the last line of a file whose time of change is a little before it', async (t) => {
    const { dir, logs, writeLine } = await sceneOf(t)
    writeLine(lineAt(60_000, 'last'))
    utimesSync(join(dir, 'logs', 'main', 'shop', 'co-1.ndjson'), 59.996, 59.996)
    const lines = await allOf(logs.read({ ...LAST, since: 60_000 }))
    assert.deepEqual(
      lines.map(({ line }) => line),
      ['last'],
    )
  })

  it('joins lines that are longer than what is read at once', async (t) => {
    const { logs, writeLine } = await sceneOf(t)
    const long = `${'é'.repeat(150_000)}!`
    for (const line of ['first', long, 'last']) writeLine(lineAt(1_000, line))
    const lines = await allOf(logs.read(LAST))
    assert.deepEqual(
      lines.map(({ line }) => line),
      ['first', long, 'last'],
    )
  })

  it('follows a line that is written in pieces, as one', { timeout: 10_000 }, async (t) => {
    const { logs, writeLine, writeText } = await sceneOf(t)
    writeLine(lineAt(1_000, 'whole'))
    writeText('first half')
    const abort = new AbortController()
    const lines = logs.read({ ...LAST, follow: true }, abort.signal)[Symbol.asyncIterator]()
    assert.equal((await lines.next()).value?.line, 'whole')
    writeText(', second half\nand')
    assert.equal((await lines.next()).value?.line, 'first half, second half')
    writeLine({ ...lineAt(2_000, 'another'), container: 'co-2' })
    assert.equal((await lines.next()).value?.line, 'another')
    writeText(' so on\n')
    assert.equal((await lines.next()).value?.line, 'and so on')
    abort.abort()
  })

  it('ends a wait for changes when it is aborted', async (t) => {
    const { dir } = await sceneOf(t)
    const abort = new AbortController()
    const watch = new FolderWatch(dir, abort.signal)
    const changed = watch.changed()
    abort.abort()
    assert.deepEqual(await changed, [])
    watch.close()
  })

  it('lets go of what was last written to before, but not of what still runs', async (t) => {
    const { dir, logs, writeLine } = await sceneOf(t)
    for (const container of ['co-old', 'co-quiet', 'co-new'])
      writeLine({ ...lineAt(1_000, container), container })
    await logs.write(SHOP, [{ id: 'v1/live', at: 1_000, line: 'v1 is live' }])
    for (const name of ['co-old', 'co-quiet', 'system-1970-01-01'])
      utimesSync(join(dir, `logs/main/shop/${name}.ndjson`), 1, 1)
    await logs.prune(10_000, new Set(['co-quiet']))
    const left = await allOf(logs.read(LAST))
    assert.deepEqual(left.map(({ line }) => line).toSorted(), ['co-new', 'co-quiet'])
  })

  it('writes what was told before a restart no second time, also where the last line was torn', async (t) => {
    const { dir, logs } = await sceneOf(t)
    const [first, second, third] = ['one', 'two', 'three'].map((id) => ({ id, at: 1_000, line: id }))
    if (!first || !second || !third) return assert.fail()
    await logs.write(SHOP, [first, second])
    const path = join(dir, 'logs/main/shop/system-1970-01-01.ndjson')
    truncateSync(path, readFileSync(path).length - 10)
    const restarted = new LocalLogs(dir)
    await restarted.write(SHOP, [first, second, third])
    const lines = (await allOf(restarted.read(LAST))).map(({ id }) => id)
    assert.deepEqual([lines.filter((id) => id === 'one').length, lines.slice(-2)], [1, ['two', 'three']])
  })

  it('tells apps apart that a file system keeps in one folder', async (t) => {
    const { dir, logs, writeLine } = await sceneOf(t)
    writeLine({ ...lineAt(1_000, 'of Shop'), app: 'Shop' })
    renameSync(join(dir, 'logs/main/Shop'), join(dir, 'logs/main/shop'))
    assert.deepEqual(await allOf(logs.read(LAST)), [])
  })

  it('leads to no file outside its folder', async (t) => {
    const { logs } = await sceneOf(t)
    await assert.rejects(allOf(logs.read({ ...LAST, app: '../..' })))
    await assert.rejects(allOf(logs.read({ ...LAST, env: '..' })))
    assert.deepEqual(await allOf(logs.read({ ...LAST, container: '../../secret' })), [])
  })
})

/** Bytes that this process has read, from files and whatever else. */
const bytesRead = (): number => Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])
