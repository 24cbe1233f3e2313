import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { RolloutStep } from '../../protocol/api.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'
import { type Visit, WebLoad } from './web-load.ts'

const web = (answer: string) => `
import { App } from 'sluice'

const app = new App('guarded', { check: '/healthz' })
const version = process.env.SLUICE_VERSION

export const web = app.web({ requiresAuth: false }, (request) =>
  new URL(request.url).pathname === '/healthz' ? ${answer} : new Response(version))

export const idle = app.function(() => version)

export default app
`

const smoke = (body: string) => `
import { App } from 'sluice'
const app = new App('smoked', { check: 'smoke' })
export const work = app.function(() => 'work')
export const smoke = app.function(() => { ${body} })
export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': web("new Response('fine')"), 'smoke.ts': smoke('return 1') })
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

describe('a check of a path', () => {
  test('is passed by a container that is started for it, before the version is live', async () => {
    const { status, rollout } = await installation.json('deploy', folder.entry)
    assert.equal(status, 'live')
    const steps = rollout.map(({ step, state }: RolloutStep) => `${step} ${state}`)
    assert.ok(steps.includes('check done'), steps.join(', '))
  })

  test('that fails under load ends the deploy with the answer, and fails no request', async () => {
    await using load = new WebLoad(installation, 'guarded-web', [() => ({ path: '/', isRight: isFirst })])
    load.begin({ keptAlive: 4, fresh: 2 })
    await folder.write('app.ts', web("Response.json({ database: 'away' }, { status: 503 })"))
    const { code, stderr } = await installation.cli('deploy', folder.entry)
    await until('a load that tells', () => load.visited.length > 20)
    await load.end()
    assert.equal(code, 1)
    assert.match(stderr, /v2 did not go live: web did not pass its check: GET \/healthz answered 503: .*away/)
    assert.match(stderr, /v1 keeps serving/)
    assert.deepEqual(
      load.visited.filter(({ fault }) => fault !== undefined),
      [],
    )
    const { error, rollout } = (await installation.api('GET', '/v1/apps/guarded/versions/2')).body
    assert.equal(error.code, 'check_failed')
    assert.ok(rollout.some(({ step, state }: RolloutStep) => step === 'check' && state === 'failed'))
  })

  test('is waited for a while where it does not succeed at once, also of functions that ask for a token', async () => {
    const source = web("new Response('', { status: ++asked > 2 ? 200 : 503 })").replace('false', 'true')
    await folder.write('app.ts', `let asked = 0\n${source}`)
    assert.match(await installation.run('deploy', folder.entry), /v3 live in/)
    assert.equal((await installation.web('guarded-web')).status, 401)
  })
})

describe('a check that calls a function', () => {
  test('is a call in a container of the new version, and its error is the deploy’s', async () => {
    const entry = folder.entry.replace('app.ts', 'smoke.ts')
    assert.match(await installation.run('deploy', entry), /v1 live in/)
    await folder.write('smoke.ts', smoke("throw new RangeError('all is lost')"))
    const { code, stderr } = await installation.cli('deploy', entry)
    assert.equal(code, 1)
    assert.match(stderr, /smoke did not pass its check: RangeError: all is lost/)
    await folder.write('smoke.ts', smoke('process.exit(3)'))
    assert.match(
      (await installation.cli('deploy', entry)).stderr,
      /smoke did not pass its check: .*exited with code 3/,
    )
    assert.equal((await installation.json('call', 'smoked.work')).version, 1)
  })

  test('has to name a function that there is', async () => {
    const entry = folder.entry.replace('app.ts', 'smoke.ts')
    await folder.write('smoke.ts', smoke('').replace("check: 'smoke'", "check: 'smok'"))
    const refused = await installation.cli('deploy', entry)
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /names the function "smok", which the app does not have/)
    await folder.write('smoke.ts', smoke('').replace("check: 'smoke'", "check: '/healthz'"))
    assert.match(
      (await installation.cli('deploy', entry)).stderr,
      /is a path, but the app has no web function/,
    )
    await folder.write('smoke.ts', smoke('').replace("check: 'smoke'", "chekc: 'smoke'"))
    assert.match((await installation.cli('deploy', entry)).stderr, /chekc.*check/s)
  })
})

const isFirst: Visit['isRight'] = ({ body }) => body === '1'
