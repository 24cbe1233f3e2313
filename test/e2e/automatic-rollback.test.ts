import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'

const source = (status: number) => `
import { App } from 'sluice'

const app = new App('fragile', { rollback: { errorRate: 0.1, window: '5m', minCalls: 10 } })

export const web = app.web(() => new Response('${status}', { status: ${status} }))

export default app
`

const SEEN_MS = 60_000

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': source(200) })
  await installation.run('deploy', folder.entry)
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('a version whose requests fail soon after it went live is rolled back by itself, once, and history says why', async () => {
  await folder.write('app.ts', source(500))
  const said = await installation.run('deploy', folder.entry)
  assert.match(
    said,
    /v2 live in[\s\S]*Watched until .*rolled back by itself if more than 10 % of at least 10/,
  )
  await until(
    'the version to be rolled back',
    async () => {
      await Promise.all(Array.from({ length: 5 }, () => installation.web('fragile-web')))
      return (await installation.web('fragile-web')).body === '200'
    },
    SEEN_MS,
  )
  const [rollback, bad, ...older] = (await installation.json('app', 'history', 'fragile')).items
  assert.equal(older.length, 1)
  const { version, origin, fromVersion, deployedBy, status } = rollback
  assert.deepEqual(
    { version, origin, fromVersion, deployedBy, status },
    { version: 3, origin: 'rollback', fromVersion: 1, deployedBy: 'sluice', status: 'live' },
  )
  assert.match(rollback.reason, /^\d+ of \d+ calls and requests failed \(100 %\), and 10 % may\.$/)
  assert.equal(rollback.gate, undefined)
  assert.deepEqual([bad.status, bad.gate.state, bad.gate.detail], ['superseded', 'failed', rollback.reason])
  assert.match(await installation.run('app', 'history', 'fragile'), /v3 .*sluice .*rollback of v1/)
  const story = await installation.run('app', 'logs', 'fragile', '--source', 'system')
  assert.match(story, /v2 fails too often: \d+ of \d+ calls and requests failed \(100 %\), and 10 % may\./)
  assert.match(story, /v3 begins: rollback of v1 by sluice.*because: .*and 10 % may\.\n/)
})

test('bounds that make no sense are refused, each with its place', async () => {
  const faults = async (rollback: string) => {
    await folder.write('app.ts', source(200).replace(/rollback: \{.*\} \}/, `rollback: ${rollback} }`))
    const { code, stderr } = await installation.cli('deploy', folder.entry)
    assert.equal(code, 1)
    return stderr
  }
  assert.match(await faults('{ errorRate: 2 }'), /rollback\.errorRate/)
  assert.match(await faults("{ window: 'soon' }"), /rollback\.window: "soon" is not a duration/)
  assert.match(await faults('{ minCals: 2 }'), /minCals.*minCalls/s)
})
