import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { sluice } from './reached.ts'

const SOURCE = `
import { App, authorization } from 'sluice'
import { get } from 'node:http'
const app = new App('guarded')
export const greet = app.function((name: string) => 'hello ' + name)
export const web = app.web({ requiresAuth: true }, (request) => new Response(request.headers.get('sluice-caller')))
export const visit = app.function((port: number) => new Promise((resolve, reject) => {
  const headers = { ...authorization(), host: 'guarded-web.localhost' }
  get({ host: '127.0.0.1', port, headers }, async (answer) => {
    resolve([answer.statusCode, String(Buffer.concat(await answer.toArray()))])
  }).on('error', reject)
}))
export default app
`

let installation: Installation
let folder: AppFolder
before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': SOURCE })
  await installation.run('deploy', folder.entry)
})
after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

async function tokenOf(role: string): Promise<string> {
  return (await installation.run('token', 'create', role, '--role', role, '--expires', '1h')).trim()
}

const as = (token: string, ...words: string[]) =>
  sluice(words, { SLUICE_URL: installation.url, SLUICE_TOKEN: token })

test('a token does what its role is for, is told what it lacks, and nothing once it is revoked', async () => {
  const viewer = await tokenOf('viewer')
  assert.equal((await as(viewer, 'app', 'list')).code, 0)
  const refused = await as(viewer, 'deploy', folder.entry)
  assert.equal(refused.code, 1)
  assert.match(
    refused.stderr,
    /"viewer" has the role viewer, .* deployer, admin\. An admin makes such a token/,
  )
  const history = await installation.json('app', 'history', 'guarded')
  assert.equal(history.items.length, 1, 'nothing was deployed')

  const deployer = await tokenOf('deployer')
  assert.equal((await as(deployer, 'app', 'rollover', 'guarded')).code, 0)
  const { items } = await installation.json('app', 'history', 'guarded')
  assert.equal(items[0].deployedBy, 'deployer')
  assert.match((await as(deployer, 'token', 'list')).stderr, /has the role deployer/)

  await installation.run('token', 'revoke', 'viewer')
  const gone = await as(viewer, 'app', 'list')
  assert.match(gone.stderr, /The token "viewer" \(to-\w+\) was revoked by /)
  assert.equal(gone.code, 1)
})

test('a profile lets its owner in', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'sluice-config-'))
  t.after(() => rm(home, { recursive: true }))
  const invoker = await tokenOf('invoker')
  const variables = { XDG_CONFIG_HOME: home }
  const made = await sluice(['profile', 'create', 'team', '--url', installation.url], {
    ...variables,
    SLUICE_TOKEN: invoker,
  })
  assert.match(made.stdout, /There you are invoker, invoker in all environments, until /)
  const { stdout } = await sluice(['call', 'guarded.greet', '"ada"', '--profile', 'team'], variables)
  assert.match(stdout, /hello ada/)
})

test('a web function that asks for a token lets in who may call, and learns who it is', async () => {
  const ask = (token?: string) =>
    installation.web('guarded-web', '/', {
      headers: { ...(token && { authorization: `Bearer ${token}` }), 'sluice-caller': 'token:owner' },
    })
  const stranger = await ask()
  assert.deepEqual([stranger.status, stranger.headers['www-authenticate']], [401, 'Bearer'])
  assert.equal((await ask('slu_unknown')).status, 401)
  const viewer = await ask(await tokenOf('viewer'))
  assert.equal(viewer.status, 403)
  assert.match(JSON.parse(viewer.body).detail, /has the role viewer/)
  const invoker = await ask(await tokenOf('invoker'))
  assert.deepEqual([invoker.status, invoker.body], [200, 'token:invoker'])
})

test('a function of the same environment comes in as itself', async () => {
  const port = String(installation.ingressPort)
  const { result } = await installation.json('call', 'guarded.visit', port)
  assert.deepEqual(result, [200, 'function:guarded.visit'])
})
