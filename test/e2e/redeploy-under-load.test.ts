import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ContainerView, VersionView } from '../../protocol/api.ts'
import { prepare } from '../../sdk/deploy/prepare.ts'
import { AppFolder } from './app-folder.ts'
import { type Called, CallLoad } from './call-load.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'
import { echo, type Visit, type Visited, WebLoad } from './web-load.ts'

const DEPLOYS = 100
const CLI_EVERY = 9
const LABEL = 'busy-web'
const TICKS = 8
/** Seconds that the API holds the answer about a rollout. */
const WAIT = 25

const source = (mark: string) => `
import { setTimeout as pause } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('busy')
const mark = '${mark}'
const version = process.env.SLUICE_VERSION

async function* ticks() {
  for (let n = 0; n < ${TICKS}; n++) {
    yield new TextEncoder().encode(\`\${version} \`)
    await pause(25)
  }
}

export const web = app.web({ concurrency: 20 }, async (request) => {
  const { pathname, searchParams } = new URL(request.url)
  if (pathname === '/echo') return new Response(request.body)
  if (pathname === '/ticks') return new Response(ReadableStream.from(ticks()))
  await pause(Number(searchParams.get('ms')))
  return new Response(version, { headers: { mark } })
})

export const double = app.function({ concurrency: 4 }, async (n: number, ms: number) => {
  await pause(ms)
  return { doubled: 2 * n, by: version }
})

export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': source('first') })
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('100 redeploys and rollbacks under load fail no request and lose no call', async () => {
  const lives = new Lives()
  lives.add(await installation.json('deploy', folder.entry))
  const redeploy = await deployer()
  await using web = new WebLoad(installation, LABEL, [quick, slow, stream, () => echo('/echo')])
  await using calls = new CallLoad(installation, {
    app: 'busy',
    function: 'double',
    args: (n) => [n, n % 60],
  })
  web.begin({ keptAlive: 8, fresh: 4 })
  calls.begin({ waiting: 2, spawning: 2 })
  for (let n = 1; n <= DEPLOYS; n++) lives.add(await redeploy(n))
  await web.end()
  await calls.end()

  assert.deepEqual(
    web.visited.filter(({ fault }) => fault !== undefined),
    [],
  )
  assert.deepEqual(
    web.visited.filter((visited) => !lives.allow(visited)),
    [],
    'answered by a version that was not live meanwhile',
  )
  assertSpread(web.visited)
  assert.deepEqual(calls.refused, [])
  for (const call of calls.called) await assertEndedOnce(call, lives)
  assertSpread(calls.called.map(({ view }) => ({ version: view.version ?? 0 })))
  await until('the containers of older versions to be gone', async () => {
    const { items } = await installation.json('container', 'list', 'busy')
    return items.every(({ version }: ContainerView) => version === lives.last)
  })
})

/** There was load on many of the versions, or the test would not show much. */
function assertSpread(served: { version: number }[]): void {
  const versions = new Set(served.map(({ version }) => version))
  assert.ok(versions.size > DEPLOYS / 4, `only ${versions.size} versions of ${DEPLOYS} had anything to do`)
}

/** In what was asked for, at the first attempt, by a version that was live, and it stays so. */
async function assertEndedOnce({ args, view, ...times }: Called, lives: Lives): Promise<void> {
  const { version = 0, ...rest } = view
  assert.equal(rest.status, 'succeeded', JSON.stringify(rest.error))
  assert.deepEqual(rest.result, { doubled: 2 * Number(args[0]), by: String(version) })
  assert.equal(rest.attempts, 1)
  assert.ok(lives.allow({ version, ...times }), `v${version} was not live during ${rest.id}`)
  assert.deepEqual((await installation.api('GET', `/v1/calls/${view.id}`)).body, view)
}

/** Each answer of it is a version that has just gone live: deployed from a terminal or by API, or rolled back to. */
async function deployer(): Promise<(n: number) => Promise<VersionView>> {
  const { manifest } = await prepare(folder.entry)
  const post = async (verb: string, body: unknown): Promise<VersionView> => {
    const begun = await installation.api('POST', `/v1/apps/busy/${verb}`, body)
    assert.equal(begun.status, 202, JSON.stringify(begun.body))
    const { body: ended } = await installation.api(
      'GET',
      `/v1/apps/busy/versions/${begun.body.version}?wait=${WAIT}`,
    )
    return ended
  }
  return async (n) => {
    const isRollback = n % 2 === 0
    if (n % CLI_EVERY === 0) return isRollback ? installation.json('app', 'rollback', 'busy') : deployFile(n)
    if (isRollback) return post('rollback', {})
    const functions = structuredClone(manifest.functions)
    for (const spec of Object.values(functions)) spec.env = { REVISION: String(n) }
    return post('versions', { manifest: { ...manifest, functions } })
  }
}

async function deployFile(n: number): Promise<VersionView> {
  await folder.write('app.ts', source(`deploy ${n}`))
  return installation.json('deploy', folder.entry)
}

/** When each version was live, as far as somebody outside can know. */
class Lives {
  readonly #from = new Map<number, number>()
  readonly #until = new Map<number, number>()
  last = 0

  /** From here on it is known to be live, and the one before it known not to be. */
  add({ version, status, liveAt }: VersionView): void {
    assert.equal(version, this.last + 1)
    assert.equal(status, 'live')
    this.#until.set(this.last, Date.now())
    this.#from.set(version, Date.parse(liveAt ?? ''))
    this.last = version
  }

  allow({ version, begun, ended }: Pick<Visited, 'version' | 'begun' | 'ended'>): boolean {
    const from = this.#from.get(version) ?? Number.POSITIVE_INFINITY
    const until = this.#until.get(version) ?? Number.POSITIVE_INFINITY
    return from <= ended && begun <= until
  }
}

const quick = (): Visit => ({ path: '/', isRight: isVersion })
/** Now and then one that outlives several versions. */
const slow = (): Visit => {
  const ms = Math.random() < 0.1 ? 1_500 : 50 + Math.floor(Math.random() * 250)
  return { path: `/?ms=${ms}`, isRight: isVersion }
}
const stream = (): Visit => ({
  path: '/ticks',
  isRight: ({ headers, body }) => body === `${headers['sluice-version']} `.repeat(TICKS),
})
const isVersion: Visit['isRight'] = ({ headers, body }) => body === headers['sluice-version']
