import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  type FilterLogEventsCommandInput,
  PutLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import type { InitializeMiddleware } from '@smithy/types'
import type { LogQuery } from '../../../control/log-port.ts'
import { CLIENT_SETTINGS } from '../../../platforms/aws/client-settings.ts'
import { TaskRecords } from '../../../platforms/aws/compute/task-records.ts'
import { CloudWatchLogs } from '../../../platforms/aws/logs/logs.ts'
import { resourcesTable } from '../../../platforms/aws/resources-table.ts'
import { fromVariables, toVariables } from '../../../platforms/aws/settings.ts'
import type { LogLine } from '../../../protocol/log-line.ts'
import { launchOf } from '../../contract/compute.ts'
import { allOf, type ContainerLine, logsContract } from '../../contract/logs.ts'
import { makeTable, randomPrefix, skip } from './account.ts'

const DAY_MS = 86_400_000
const SHOP = { env: 'main', app: 'shop' }
const ORIGIN = { ...SHOP, function: 'index', version: 1, container: 'co-1' }
const LAST = { ...SHOP, tail: 100, follow: false }

type Origin = typeof ORIGIN

/** A log group and the tasks of containers, whose log driver is this test. */
async function scene() {
  const client = new CloudWatchLogsClient(CLIENT_SETTINGS)
  const made = await makeTable('resources')
  const table = resourcesTable(fromVariables(toVariables({ resourcesTable: made.name })))
  const logGroupName = `${randomPrefix()}logs`
  await client.send(new CreateLogGroupCommand({ logGroupName }))
  const streams = new Map<string, Promise<string>>()
  const filters = filtersOf(client)

  const launch = async ({ env, app, function: name, version, container: id }: Origin, startedAt: number) => {
    const task = `${env}-${app}-${id}`
    const { container } = launchOf(id)
    await new TaskRecords(table).write({ ...container, env, app, function: name, version, startedAt }, task)
    return `run/runner/${task}`
  }
  const open = async (origin: Origin, startedAt: number) => {
    const logStreamName = await launch(origin, startedAt)
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }))
    return logStreamName
  }
  /** At that time; the container was started a little before. */
  const put = async (
    origin: Origin,
    messages: string[],
    timestamp = Date.now(),
    startedAt = timestamp - 1_000,
  ) => {
    const key = `${origin.env}/${origin.app}/${origin.container}`
    const stream = streams.get(key) ?? open(origin, startedAt)
    streams.set(key, stream)
    const logStreamName = await stream
    const logEvents = messages.map((message) => ({ timestamp, message }))
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }))
    return logStreamName
  }
  return {
    logs: new CloudWatchLogs({
      client,
      group: logGroupName,
      table,
      clock: { now: Date.now },
      retentionDays: 30,
    }),
    requests: filters,
    launch,
    put,
    write: async (lines: ContainerLine[]) => {
      for (const line of lines) await put(line, [JSON.stringify(line)], Date.now(), Date.parse(line.at))
    },
    close: async () => {
      await client.send(new DeleteLogGroupCommand({ logGroupName }))
      await made.delete()
    },
  }
}

logsContract('CloudWatchLogs', scene, { skip })

/**
 * The requests for events that a client makes from now on. One that names a stream which does not exist is refused, as
 * CloudWatch does and the emulator does not.
 */
function filtersOf(client: CloudWatchLogsClient): FilterLogEventsCommandInput[] {
  const inputs: FilterLogEventsCommandInput[] = []
  const present = new Set<string>()
  const refuse: InitializeMiddleware<object, object> =
    (next, { commandName }) =>
    async (args) => {
      const { logStreamName = '', logStreamNames = [] } = args.input as Record<string, never>
      if (commandName === 'CreateLogStreamCommand') present.add(logStreamName)
      if (commandName === 'DeleteLogStreamCommand') present.delete(logStreamName)
      if (commandName === 'FilterLogEventsCommand') {
        inputs.push(args.input as FilterLogEventsCommandInput)
        if (!logStreamNames.every((name) => present.has(name))) {
          const message = 'The specified log stream does not exist.'
          throw new ResourceNotFoundException({ message, $metadata: {} })
        }
      }
      return next(args)
    }
  client.middlewareStack.add(refuse as never, { step: 'initialize' })
  return inputs
}

describe('CloudWatchLogs', { skip, concurrency: true, timeout: 120_000 }, () => {
  const sceneOf = async (t: TestContext) => {
    const made = await scene()
    t.after(() => made.close())
    const read = async (query: Partial<LogQuery> = {}) => allOf(made.logs.read({ ...LAST, ...query }))
    return { ...made, read }
  }
  const lineAt = (ms: number, line: string): string =>
    JSON.stringify({ ...ORIGIN, at: new Date(ms).toISOString(), source: 'stdout', line })
  const textsOf = (lines: LogLine[]) => lines.map(({ line }) => line)

  it('gives what is no log line as one of the system, and believes no line that it is of another container', async (t) => {
    const { put, read } = await sceneOf(t)
    const now = Date.now()
    await put(ORIGIN, ['Segmentation fault', '{"looks": "like JSON"}'], now)
    await put(ORIGIN, [lineAt(now, 'forged').replace('"shop"', '"blog"').replace('"co-1"', '"co-2"')], now)
    const at = new Date(now).toISOString()
    const lines = await read()
    assert.deepEqual(
      lines.map(({ id, ...line }) => line),
      [
        { ...ORIGIN, at, source: 'system', line: 'Segmentation fault' },
        { ...ORIGIN, at, source: 'system', line: '{"looks": "like JSON"}' },
        { ...ORIGIN, at, source: 'stdout', line: 'forged' },
      ],
    )
  })

  it('finds the lines of some containers among hundreds that have no log', async (t) => {
    const { launch, put, read, requests } = await sceneOf(t)
    const now = Date.now()
    for (let n = 100; n < 260; n += 1) await launch({ ...ORIGIN, container: `co-${n}` }, now)
    for (const n of [100, 199, 200, 259])
      await put({ ...ORIGIN, container: `co-${n}` }, [lineAt(now + n, `${n}`)])
    assert.deepEqual(textsOf(await read()), ['100', '199', '200', '259'])
    assert.deepEqual(await read({ container: 'co-10' }), [])
    assert.ok(requests.every(({ logStreamNames = [] }) => logStreamNames.length <= 100))
  })

  it('lets a rollout go on where its story cannot be written', async (t) => {
    const reported = t.mock.method(console, 'error', () => undefined)
    const refusing = new CloudWatchLogsClient({
      ...CLIENT_SETTINGS,
      maxAttempts: 1,
      endpoint: 'http://127.0.0.1:9',
    })
    const table = resourcesTable(fromVariables(toVariables({ resourcesTable: 'none' })))
    const logs = new CloudWatchLogs({
      client: refusing,
      group: 'none',
      table,
      clock: { now: Date.now },
      retentionDays: 30,
    })
    await logs.write(SHOP, [{ id: 'v1/begun', at: 0, line: 'v1 begins' }])
    assert.equal(reported.mock.callCount(), 1)
  })

  it('reads no further back than the lines that are asked for', async (t) => {
    const { put, read: readAll, requests } = await sceneOf(t)
    const now = Date.now()
    await put(ORIGIN, [lineAt(now - 20 * DAY_MS, 'first')], now - 20 * DAY_MS)
    await put(ORIGIN, [lineAt(now - DAY_MS, 'second')], now - DAY_MS)
    await put(ORIGIN, [lineAt(now, 'third')], now)
    const read = (query: Partial<LogQuery> = {}) => readAll({ source: 'stdout', ...query })
    assert.deepEqual(textsOf(await read({ tail: 1 })), ['third'])
    assert.equal(requests.length, 1)
    assert.deepEqual(textsOf(await read({ tail: 2 })), ['second', 'third'])
    requests.splice(0)
    assert.deepEqual(textsOf(await read()), ['first', 'second', 'third'])
    assert.ok(requests.length <= 12, `${requests.length} requests`)
  })

  it('keeps lines of the same moment in the order in which they came', async (t) => {
    const { put, read } = await sceneOf(t)
    const now = Date.now()
    for (const [text, cameAt] of [
      ['one', now - 25_000],
      ['two', now - 20_000],
      ['three', now],
    ] as const) {
      await put(ORIGIN, [lineAt(now - 25_000, text)], cameAt)
    }
    assert.deepEqual(textsOf(await read()), ['one', 'two', 'three'])
  })

  it('gives the last lines of very many', async (t) => {
    const { put, read } = await sceneOf(t)
    const now = Date.now()
    for (let second = 9; second >= 0; second -= 1) {
      const at = now - second * 1_000
      await put(
        ORIGIN,
        Array.from({ length: 3_000 }, (_, n) => lineAt(at, `${second}:${n}`)),
        at,
      )
    }
    assert.deepEqual(textsOf(await read({ tail: 3 })), ['0:2997', '0:2998', '0:2999'])
    assert.equal((await read({ tail: 4_000 })).at(0)?.line, '1:2000')
  })

  it('has CloudWatch look for a call and a source, where no line without them can be meant', async (t) => {
    const { put, read, requests } = await sceneOf(t)
    await put(ORIGIN, ['not JSON'])
    const PATTERNS: [query: Partial<LogQuery>, pattern: string | undefined][] = [
      [{}, undefined],
      [{ source: 'system' }, undefined],
      [{ search: 'boom' }, undefined],
      [{ call: 'ca-1' }, '{ ($.call = "ca-1") }'],
      [{ call: 'ca-1', source: 'stderr' }, '{ ($.call = "ca-1") && ($.source = "stderr") }'],
      [{ call: 'ca-1") || ($.x = "*' }, undefined],
    ]
    for (const [query, pattern] of PATTERNS) {
      requests.splice(0)
      await read(query)
      assert.equal(requests[0]?.filterPattern, pattern, JSON.stringify(query))
    }
  })
})
