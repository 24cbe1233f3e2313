import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { AppView } from '../../protocol/app-view.ts'
import { FunctionSpec } from '../../protocol/manifest.ts'
import { bodyOf, startPeer, versionView } from '../sdk/peer.ts'
import { sluice, startSluice } from './sluice.ts'

const AT = '2026-01-31T06:00:00.000Z'
const UTC = { TZ: 'UTC' }
const COUNTS = { starting: 0, ready: 0, draining: 0 }
const appView = (fields: Partial<AppView> = {}): AppView => ({
  name: 'demo',
  env: 'main',
  state: 'deployed',
  liveVersion: 3,
  urls: { site: 'http://demo-site.localhost:4180' },
  functions: [],
  containers: COUNTS,
  createdAt: AT,
  ...fields,
})
const PREVIEW = {
  app: 'demo',
  env: 'main',
  from: 4,
  to: 3,
  settings: [],
  functions: [
    { name: 'greet', change: 'changed' as const, fields: [{ field: 'timeout', before: 5, after: 10 }] },
  ],
  schedules: [],
  pools: [],
  secrets: [],
  files: [],
  urls: [],
  drain: { containers: 1, calls: 1, requests: 0 },
}
const container = {
  id: 'co-1',
  app: 'demo',
  env: 'staging',
  function: 'greet',
  version: 3,
  state: 'ready' as const,
  running: 2,
  requests: 0,
  startedAt: AT,
}
/** A table's cells, row by row. */
const cells = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/ {3,}/))

test('app list shows all pages: state, live version, containers and URLs', async () => {
  const pages = [
    { items: [appView({ containers: { starting: 1, ready: 2, draining: 3 } })], cursor: 'next' },
    {
      items: [
        appView({ name: 'old', state: 'stopped', liveVersion: undefined, urls: {} } as Partial<AppView>),
      ],
    },
  ]
  await using peer = await startPeer({ listApps: ({ query }) => pages[query.cursor === 'next' ? 1 : 0] })
  const { stdout } = await sluice(['app', 'list'], { url: peer.url, variables: UTC })
  assert.deepEqual(cells(stdout), [
    ['App', 'State', 'Live', 'Containers', 'Created', 'URL'],
    [
      'demo',
      'deployed',
      'v3',
      '2 (1 starting, 3 draining)',
      '2026-01-31 06:00:00',
      'http://demo-site.localhost:4180',
    ],
    ['old', 'stopped', '0', '2026-01-31 06:00:00'],
  ])
  const asJson = await sluice(['app', 'list', '--json'], { url: peer.url })
  assert.equal(JSON.parse(asJson.stdout).items.length, 2)
})

test('app history shows who, what, when and why, stops too, and marks what was not committed', async () => {
  const commit = { hash: '0123456789abcdef', dirty: true }
  const error = { code: 'start_failed', message: 'greet could not start\nat all', logs: [] }
  const items = [
    versionView({ version: 3, status: 'live', origin: 'rollback', fromVersion: 1, reason: 'v2 was slow' }),
    versionView({ version: 2, status: 'failed', error }),
    versionView({ version: 1, status: 'superseded', commit, tag: 'green' }),
  ]
  const stop = { env: 'main', app: 'demo', action: 'app.stopping' as const, by: 'bob' }
  const audit = [
    { ...stop, id: 'au-3', at: '2026-02-01T06:00:00.000Z', reason: 'too dear' },
    { ...stop, id: 'au-2', at: AT, action: 'version.live' as const },
    { ...stop, id: 'au-1', at: '2026-01-30T06:00:00.000Z' },
  ]
  await using peer = await startPeer({
    listVersions: () => ({ items }),
    listAudit: () => ({ items: audit }),
  })
  const { stdout } = await sluice(['app', 'history', 'demo'], { url: peer.url, variables: UTC })
  const at = '2026-01-31 06:00:00'
  assert.deepEqual(cells(stdout), [
    ['Version', 'Status', 'Time deployed', 'Deployed by', 'Client', 'Commit', 'Tag', 'Origin', 'Reason'],
    ['stopped', '2026-02-01 06:00:00', 'bob', 'too dear'],
    ['v3', 'live', at, 'ada', 'test', 'rollback of v1', 'v2 was slow'],
    ['v2', 'failed', at, 'ada', 'test', 'deploy', 'greet could not start'],
    ['v1', 'superseded', at, 'ada', 'test', '0123456*', 'green', 'deploy'],
    ['stopped', '2026-01-30 06:00:00', 'bob'],
  ])
})

test('app describe shows functions with their settings, and the drain board', async () => {
  const view = appView({
    functions: [
      { name: 'greet', spec: FunctionSpec.parse({ kind: 'plain', timeout: 600 }), running: 1, pending: 2 },
      { name: 'site', spec: FunctionSpec.parse({ kind: 'web', minContainers: 1 }) },
      { name: 'constructor', spec: FunctionSpec.parse({ kind: 'plain' }) },
    ],
    versions: [
      { version: 3, state: 'live', containers: { ...COUNTS, ready: 2 }, calls: 0, requests: 4 },
      {
        version: 2,
        state: 'draining',
        containers: { ...COUNTS, draining: 1 },
        calls: 1,
        requests: 0,
        oldest: new Date(Date.now() - 62_000).toISOString(),
        deadline: AT,
      },
    ],
  })
  await using peer = await startPeer({ getApp: () => view })
  const { stdout } = await sluice(['app', 'describe', 'demo'], { url: peer.url, variables: UTC })
  assert.match(stdout, /^demo in main: deployed, v3 live, created 2026-01-31 06:00:00\n/)
  assert.match(stdout, /\ngreet +calls +0\.25 +512 MiB +0 to 10 +1 +10m +0 +1 running, 2 pending\n/)
  assert.match(stdout, /\nsite +http:\/\/demo-site\.localhost:4180 +0\.25 +512 MiB +1 to 10 +100 +5m +0\n/)
  assert.match(stdout, /\nconstructor +calls /)
  assert.match(
    stdout,
    /\nv3 +live +2 +0 +4\nv2 +draining +0 \(1 draining\) +1 +0 +1m \d+s +2026-01-31 06:00:00\n$/,
  )
})

test('rollback and rollover say where they go, and follow', async () => {
  const live = { status: 'live' as const, liveAt: AT }
  await using peer = await startPeer({
    previewRollback: ({ query }) => ({ ...PREVIEW, to: Number(query.version ?? 3) }),
    rollback: ({ body }) => versionView({ version: 5, origin: 'rollback', fromVersion: body.version ?? 3 }),
    rollover: () => versionView({ version: 6, origin: 'rollover', fromVersion: 5 }),
    getVersion: ({ params }) => versionView({ version: Number(params.version), ...live }),
  })
  const app = (...words: string[]) => sluice(['app', ...words], { url: peer.url })
  const back = await app('rollback', 'demo', '--reason', 'too slow', '--strategy', 'recreate')
  assert.match(
    back.stdout,
    /^From v4 back to v3:\n {2}~ greet: timeout 5 → 10\n1 container would be outdated, with 1 call to finish\.\n✓ Rolling back to v3, as v5\.\n✓ Rolled back to v3! v5 live in [\d.]+s 🎉\n/,
  )
  const { client, ...body } = bodyOf(peer, 'rollback')
  assert.deepEqual(body, { strategy: 'recreate', reason: 'too slow', version: 3 })
  assert.match((await app('rollback', 'demo', 'v2')).stdout, /Rolled back to v2!/)
  assert.equal(bodyOf(peer, 'rollback').version, 2)
  await app('rollback', 'demo', '--to-tag', 'green')
  const asked = peer.requests.filter(({ route }) => route === 'previewRollback').at(-1)
  assert.deepEqual([asked?.query.tag, bodyOf(peer, 'rollback').version], ['green', 3])
  assert.match((await app('rollover', 'demo')).stdout, /✓ Rolling over v5, as v6\.\n✓ Rolled over! v6 live/)
})

test('start says what comes back, and follows', async () => {
  await using peer = await startPeer({
    start: () => versionView({ version: 5, origin: 'start', fromVersion: 3 }),
    getVersion: () => versionView({ version: 5, status: 'live', liveAt: AT }),
  })
  const { stdout } = await sluice(['app', 'start', 'demo', '--reason', 'spring'], { url: peer.url })
  assert.match(stdout, /^✓ Starting v3, as v5\.\n✓ App started! v5 live in [\d.]+s 🎉\n/)
  assert.equal(bodyOf(peer, 'start').reason, 'spring')
})

test('stop asks nothing where nobody could answer', async () => {
  await using peer = await startPeer({
    stop: () => appView({ state: 'stopping' }),
    stopContainer: () => container,
  })
  const { stdout } = await sluice(['app', 'stop', 'staging/demo', '--reason', 'done'], { url: peer.url })
  assert.equal(stdout, '✓ demo is stopping.\n')
  const { client, ...body } = bodyOf(peer, 'stop')
  assert.match(client ?? '', /^sluice-cli/)
  assert.deepEqual([body, peer.requests[0]?.query], [{ reason: 'done' }, { env: 'staging' }])
  await sluice(['container', 'stop', 'co-1', '--graceful'], { url: peer.url })
  assert.deepEqual(bodyOf(peer, 'stopContainer'), { graceful: true })
})

test('container list shows what each is busy with', async () => {
  const gone = { ...container, id: 'co-0', state: 'stopped' as const, reason: 'exited with code 1' }
  await using peer = await startPeer({
    listContainers: ({ query }) => ({ items: query.state === 'stopped' ? [gone] : [container] }),
  })
  const { stdout } = await sluice(['container', 'list', 'demo', '--all'], { url: peer.url, variables: UTC })
  assert.deepEqual(cells(stdout), [
    ['Container', 'Function', 'Version', 'State', 'Calls', 'Requests', 'Started', 'Reason'],
    ['co-1', 'greet', 'v3', 'ready', '2', '0', '2026-01-31 06:00:00'],
    ['co-0', 'greet', 'v3', 'stopped', '2', '0', '2026-01-31 06:00:00', 'exited with code 1'],
  ])
})

const logLine = (line: string, second = 0, fields: object = {}) =>
  JSON.stringify({
    at: `2026-01-31T06:00:0${second}.000Z`,
    source: 'stdout',
    env: 'main',
    app: 'demo',
    function: 'greet',
    version: 3,
    container: 'co-1',
    line,
    ...fields,
  })

test('logs are printed line by line, filtered by what was asked for', async () => {
  await using peer = await startPeer({
    getContainer: () => container,
    logs: (_, response) => {
      response.end(`${logLine('one')}\n${logLine('two', 1)}\n`)
      return undefined
    },
  })
  const options = { url: peer.url, variables: UTC }
  const plain = await sluice(['app', 'logs', 'demo', '--function', 'greet', '--tail', '5'], options)
  assert.equal(plain.stdout, 'one\ntwo\n')
  assert.equal(peer.requests[0]?.query.function, 'greet')
  assert.equal(peer.requests[0]?.query.tail, 5)

  const timed = await sluice(
    ['container', 'logs', 'co-1', '--timestamps', '--since', '2026-01-31T06:00Z'],
    options,
  )
  assert.equal(timed.stdout, '2026-01-31 06:00:00 one\n2026-01-31 06:00:01 two\n')
  const { container: id, env, since, tail } = peer.requests.at(-1)?.query ?? {}
  assert.deepEqual([id, env, since, tail], ['co-1', 'staging', AT, 20_000])
  const raw = await sluice(['app', 'logs', 'demo', '--json'], options)
  assert.equal(raw.stdout, `${logLine('one')}\n${logLine('two', 1)}\n`)
})

test('lines of several functions or versions say which they are of', async () => {
  await using peer = await startPeer({
    logs: (_, response) => {
      const lines = [
        logLine('hello'),
        logLine('found', 1, { function: 'search', version: 12, call: 'ca-1' }),
        logLine('v12 is live', 2, {
          source: 'system',
          function: undefined,
          container: undefined,
          version: 12,
        }),
      ]
      response.end(`${lines.join('\n')}\n`)
      return undefined
    },
  })
  const shown = async (...words: string[]) =>
    (await sluice(['app', 'logs', 'demo', ...words], { url: peer.url })).stdout
  assert.equal(await shown(), 'greet  v3  | hello\nsearch v12 | found\n       v12 | v12 is live\n')
  assert.equal(await shown('--columns', 'none'), 'hello\nfound\nv12 is live\n')
  assert.equal(
    await shown('--columns', 'call, source'),
    'stdout      | hello\nstdout ca-1 | found\nsystem      | v12 is live\n',
  )
})

test('a line can be nothing but a line, whatever is in it', async () => {
  const wicked = 'a\rb\u001b[2J\u001b]0;title\u0007\u001b[31mred\u001b[0m\t\u009b\u202e\n{"line":"c"}'
  await using peer = await startPeer({
    logs: (_, response) => {
      response.end(`${logLine(wicked)}\n`)
      return undefined
    },
  })
  const { stdout } = await sluice(['app', 'logs', 'demo'], { url: peer.url })
  assert.equal(stdout, 'a\\x0db\\x1b[2J\\x1b]0;title\\x07red\t\\x9b\\u202e\\x0a{"line":"c"}\n')
})

test('logs without a line say so, and not to a program', async () => {
  await using peer = await startPeer({
    getApp: () => appView({ functions: [{ name: 'greet', spec: FunctionSpec.parse({ kind: 'plain' }) }] }),
    logs: (_, response) => {
      response.end()
      return undefined
    },
  })
  const words = ['app', 'logs', 'demo', '--function', 'gret']
  const { code, stdout, stderr } = await sluice(words, { url: peer.url })
  assert.deepEqual(
    [code, stdout, stderr],
    [0, '', 'There are no such lines. Did you mean --function greet?\n'],
  )
  const asJson = await sluice([...words, '--json'], { url: peer.url })
  assert.deepEqual([asJson.code, asJson.stdout, asJson.stderr], [0, '', ''])
})

test('followed logs go on over a broken connection, with no line lost or doubled, until Ctrl-C', async () => {
  const line = (id: string, text: string, second: number) => logLine(text, second, { id })
  const [one, same, again] = [line('1', 'one', 3), line('2', 'same', 5), line('3', 'same', 5)]
  // One that was written before them can be read only now; one that is older was not asked for.
  const [late, last] = [line('4', 'late', 4), line('5', 'last', 6)]
  const streams = [
    [one, same, again],
    [line('0', 'older', 2), one, late, same, again, last],
  ]
  await using peer = await startPeer({
    logs: (_, response) => {
      const lines = streams.shift() ?? []
      response.write(
        lines.map((line) => `${line}\n`).join(''),
        () => streams.length === 1 && response.destroy(),
      )
      return undefined
    },
  })
  const child = startSluice(['app', 'logs', 'demo', '-f', '--columns', 'none'], { url: peer.url })
  let printed = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    printed += chunk
    if (printed.endsWith('last\n')) break
  }
  const exited = once(child, 'exit')
  child.kill('SIGINT')
  await exited
  assert.equal(printed, 'one\nsame\nsame\nlate\nlast\n')
  assert.equal(child.stderr.read(), null)
  const queries = peer.requests.map(({ query }) => [query.follow, query.since, query.tail])
  assert.deepEqual(queries, [
    [true, undefined, 100],
    [true, '2026-01-31T05:59:05.000Z', 20_000],
  ])
})

test('what others wrote cannot move the cursor, or pass for more rows or lines', async () => {
  const hostile = 'fine\u001b[2A\u001b[2K\nv9   live\u202e'
  const failed = versionView({
    status: 'failed',
    reason: hostile,
    client: '\u001b]52;c;eA==\u0007',
    error: { code: 'start_failed', message: `broken\u001b[1A`, logs: [hostile] },
  })
  await using peer = await startPeer({
    listVersions: () => ({ items: [failed] }),
    listAudit: () => ({ items: [] }),
    rollover: () => failed,
    getVersion: () => failed,
    getApp: () => appView(),
  })
  const shown = await sluice(['app', 'history', 'demo'], { url: peer.url })
  assert.equal(shown.stdout.trim().split('\n').length, 2)
  assert.ok(shown.stdout.includes('fine\\x1b[2A\\x1b[2K v9   live\\u202e'), shown.stdout)
  const { stdout, stderr } = await sluice(['app', 'rollover', 'demo'], { url: peer.url })
  assert.ok(stderr.includes('broken\\x1b[1A'), stderr)
  const all = [stdout, stderr, shown.stdout].join('')
  for (const control of ['\u0007', '\u001b', '\u202e']) assert.ok(!all.includes(control))
})
