import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { deployTree } from '../../cli/tree.ts'
import { makeFolder } from '../sdk/folder.ts'
import { type Answers, bodyOf, problem, startPeer, versionView } from '../sdk/peer.ts'
import { sluice } from './sluice.ts'

const APP = {
  'app.ts': `
import { App, Cron, Period } from 'sluice'
const app = new App('whisper')
export const transcribe = app.function({ timeout: '10m' }, async (url: string) => url)
export const site = app.web({ files: { '/assets': './frontend' } }, () => new Response('hello'))
export const refresh = app.function({ schedule: Cron('0 6 * * *', { timezone: 'Europe/Paris' }) }, () => {})
export const prune = app.function({ schedule: Period({ hours: 4, minutes: 30 }) }, () => {})
export default app
`,
  'frontend/index.html': '<h1>hello</h1>',
}
const URLS = { site: 'http://whisper-site.localhost:4180' }
const PAGE = 'http://localhost:4100/apps/main/whisper'
const rolling = versionView({ app: 'whisper', urls: URLS, page: PAGE })
const live = versionView({
  app: 'whisper',
  urls: URLS,
  page: PAGE,
  status: 'live',
  liveAt: '2026-01-31T06:00:01.000Z',
})

const app = (fields: object) => ({
  name: 'whisper',
  env: 'main',
  state: 'deployed' as const,
  urls: {},
  functions: [],
  containers: { starting: 0, ready: 0, draining: 0 },
  createdAt: '2026-01-31T06:00:00.000Z',
  ...fields,
})

async function deploy(answers: Answers, words: string[] = []) {
  await using peer = await startPeer(answers)
  using folder = makeFolder(APP)
  const outcome = await sluice(['deploy', 'app.ts', ...words], { url: peer.url, cwd: folder.path })
  return { ...outcome, peer }
}

test('a deploy uploads, announces, follows, and prints what it made', async () => {
  let looks = 0
  const { peer, ...outcome } = await deploy(
    { deploy: () => rolling, getVersion: () => (looks++ === 0 ? rolling : live) },
    ['--tag', 'green', '--strategy', 'recreate', '--env', 'staging', '--name', 'renamed'],
  )
  assert.match(
    outcome.stdout.replace(/[\d.]+s 🎉/, '0.4s 🎉'),
    new RegExp(
      `^${`✓ Initialized. View app page at http://localhost:4100/apps/main/whisper
✓ Created objects.
├── 🔨 Created transcribe.
├── 🔨 Mounted ./frontend at /assets
├── 🔨 Created site => http://whisper-site.localhost:4180
├── 🔨 Created refresh (0 6 * * * Europe/Paris).
└── 🔨 Created prune (every 4h 30m).
✓ App deployed! v3 live in 0.4s 🎉

View Deployment: http://localhost:4100/apps/main/whisper
`.replaceAll(/[.*+?()]/g, '\\$&')}$`,
    ),
  )
  assert.deepEqual([outcome.code, outcome.stderr, looks], [0, '', 2])

  const asked = peer.requests.map(({ route, params, query }) => [route, params.app, query.env])
  assert.deepEqual(asked.slice(0, 2), [
    ['missingBlobs', undefined, 'staging'],
    ['deploy', 'renamed', 'staging'],
  ])
  const { manifest, tag, strategy, client, commit } = bodyOf(peer, 'deploy')
  assert.deepEqual([tag, strategy, commit], ['green', 'recreate', undefined])
  assert.match(client ?? '', /^sluice-cli\/\d/)
  assert.equal(manifest.app, 'renamed')
  const { code, map } = manifest.bundle
  for (const file of [code, map, ...(manifest.functions.site?.mounts[0]?.files ?? [])]) {
    const content = peer.blobs.get(file?.sha256 ?? '')
    assert.equal(content && createHash('sha256').update(content).digest('hex'), file?.sha256)
    assert.equal(content?.byteLength, file?.size)
  }
  assert.equal(peer.blobs.size, 3)
})

test('a function named as what every object has is reached by no address but its own', () => {
  assert.deepEqual(deployTree({ constructor: { kind: 'plain' as const } }, {}), [
    '└── 🔨 Created constructor.',
  ])
})

test('a deploy that changes nothing says so', async () => {
  const { code, stdout } = await deploy({ deploy: () => ({ ...live, unchanged: true }) })
  assert.deepEqual([code, stdout], [0, '✓ Deployment skipped: no changes since v3.\n'])
})

test('a version that cannot start is shown with its last lines, and which one keeps serving', async () => {
  const error = {
    code: 'start_failed',
    message: 'transcribe could not start',
    logs: ['loading', 'Error: no key'],
  }
  const answers: Answers = {
    deploy: () => rolling,
    getVersion: () => ({ ...rolling, status: 'failed', error }),
    getApp: () => app({ liveVersion: 2 }),
  }
  const { code, stderr } = await deploy(answers)
  assert.equal(code, 1)
  assert.equal(
    stderr,
    '✗ v3 did not go live: transcribe could not start\n  loading\n  Error: no key\nv2 keeps serving.\n',
  )
  const asJson = await deploy(answers, ['--json'])
  assert.deepEqual([asJson.code, JSON.parse(asJson.stdout).error, asJson.stderr], [1, error, ''])
})

test('what a container threw is said once, also where it is the last that it wrote', async () => {
  const thrown = ['Error: no key', '    at load (app.ts:3:9)']
  const message = `transcribe could not start: ${thrown.join('\n')}`
  const error = { code: 'start_failed', message, logs: ['loading', ...thrown] }
  const { stderr } = await deploy({
    deploy: () => rolling,
    getVersion: () => ({ ...rolling, status: 'failed', error }),
    getApp: () => app({ liveVersion: 2 }),
  })
  assert.equal(stderr, `✗ v3 did not go live: ${message}\n  loading\nv2 keeps serving.\n`)
})

test('a version that a newer one overtook says by which', async () => {
  const { code, stdout } = await deploy({
    deploy: () => rolling,
    getVersion: () => ({ ...rolling, status: 'superseded' }),
    // The newer one need not be live yet itself.
    getApp: () => app({ liveVersion: 2, lastRollout: versionView({ version: 4 }) }),
  })
  assert.equal(code, 0)
  assert.match(stdout, /✓ v3 was superseded by v4 before it went live\.\n$/)
})

test('a version whose app was stopped meanwhile did not go live', async () => {
  const { code, stderr } = await deploy({
    deploy: () => rolling,
    getVersion: () => ({ ...rolling, status: 'superseded' }),
    getApp: () => app({ state: 'stopping' }),
  })
  assert.equal(code, 1)
  assert.equal(stderr, '✗ v3 did not go live: whisper was stopped before it could.\nNo version is live.\n')
})

test('what the API refuses is named field by field; with --json it is what the API answered', async () => {
  const answers: Answers = {
    deploy: () => {
      throw problem('invalid_manifest', 'cpu is wrong', [
        { path: 'path.app', message: 'must be shorter' },
        { path: 'manifest.app', message: 'must be shorter' },
        { path: 'manifest.functions.site.cpu', message: 'must be one of 0.25, 0.5 vCPU' },
        { path: 'manifest.functions.site.memry', message: 'is not known here (did you mean "memory"?)' },
      ])
    },
  }
  const { code, stderr } = await deploy(answers)
  assert.equal(code, 1)
  assert.equal(
    stderr,
    '✗ The app is not valid:\n  app must be shorter\n  functions.site.cpu must be one of 0.25, 0.5 vCPU\n  functions.site.memry is not known here (did you mean "memory"?)\n',
  )
  const asJson = await deploy(answers, ['--json'])
  assert.deepEqual([asJson.code, JSON.parse(asJson.stdout).code], [1, 'invalid_manifest'])
})

test('a control plane that is restarted during a rollout is waited for', async () => {
  await using peer = await startPeer({
    deploy: () => rolling,
    getVersion: async (_, response) => {
      if (peer.requests.filter(({ route }) => route === 'getVersion').length > 1) return live
      response.destroy()
      await peer.stop()
      await peer.start()
      return undefined
    },
  })
  using folder = makeFolder(APP)
  const { code, stdout } = await sluice(['deploy', join(folder.path, 'app.ts')], { url: peer.url })
  assert.equal(code, 0)
  assert.match(stdout, /v3 live in/)
})

test('the commit is known, and files that are not committed mark it', async () => {
  await using peer = await startPeer({ deploy: () => ({ ...live, unchanged: true }) })
  using folder = makeFolder(APP)
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder.path, ...args], { encoding: 'utf8' }).trim()
  git('init', '--quiet', '--initial-branch', 'main')
  git('add', 'app.ts')
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '-m', 'first')
  await sluice(['deploy', join(folder.path, 'app.ts')], { url: peer.url })
  const { commit } = bodyOf(peer, 'deploy')
  assert.deepEqual(commit, { hash: git('rev-parse', 'HEAD'), branch: 'main', author: 'Ada', dirty: true })
})

test('an app of more files than a deployment can name is refused before any is sent', async () => {
  await using peer = await startPeer({})
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`data/${'x'.repeat(50)}${i}`, 'x']))
  using folder = makeFolder({
    ...many,
    'app.ts': `import { App } from 'sluice'
const app = new App('whisper')
for (let i = 0; i < 80; i++) app.function({ name: 'f' + i, files: { '/data': './data' } }, () => i)
export default app`,
  })
  const { code, stderr } = await sluice(['deploy', 'app.ts'], { url: peer.url, cwd: folder.path })
  assert.equal(code, 1)
  assert.match(
    stderr,
    /^✗ The app's functions mount 40000 files, more than a deployment can name\. Mount fewer/,
  )
  assert.deepEqual(peer.requests, [])
})

test('a broken file is shown where it is broken, and nothing is sent', async () => {
  await using peer = await startPeer({})
  using folder = makeFolder({ 'syntax.ts': 'const = 1\n', 'noapp.ts': 'export const a = 1\n' })
  const at = { url: peer.url, cwd: folder.path }
  const syntax = await sluice(['deploy', 'syntax.ts'], at)
  assert.equal(syntax.code, 1)
  assert.match(
    syntax.stderr,
    /✗ .*syntax\.ts could not be bundled\.\n\n✘ \[ERROR\] [^\n]+\n\n {4}syntax\.ts:1:6:\n {6}1 │ const = 1/,
  )
  const none = await sluice(['deploy', 'nope.ts'], at)
  assert.deepEqual([none.code, none.stderr], [1, `✗ There is no file nope.ts in ${folder.path}.\n`])
  const noApp = await sluice(['deploy', 'noapp.ts'], at)
  assert.match(noApp.stderr, /✗ noapp\.ts: The file has no app as its default export/)
  assert.deepEqual(peer.requests, [])
})
