import assert from 'node:assert/strict'
import { join, resolve } from 'node:path'
import { afterEach, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type ContainerRuntime, RUNTIME } from '../../protocol/author.ts'
import { type AppFunction, Client, Function as Deployed } from '../../sdk/index.ts'
import { makeFolder } from './folder.ts'
import { callView, startPeer } from './peer.ts'

const SDK = JSON.stringify(resolve(import.meta.dirname, '../../sdk/index.ts'))
const APP = `
import { App } from ${SDK}
const app = new App('demo')
export const greet = app.function(async (name: string) => 'hi ' + name)
export const nested = { hidden: app.function(async () => 1) }
export default app
`
function asked(body: unknown): Record<string, unknown> {
  const { version, parent } = body as { version?: number; parent?: string }
  return { version, parent }
}

const global = globalThis as { [RUNTIME]?: ContainerRuntime }

afterEach(() => {
  delete global[RUNTIME]
})

test('an app’s own functions are called by the name of their export, in a program and in a container', async () => {
  await using peer = await startPeer({ call: () => callView({ status: 'succeeded', result: 'hi' }) })
  process.env.SLUICE_URL = peer.url
  process.env.SLUICE_TOKEN = 'sct_co-1_mac'
  using folder = makeFolder({ 'app.ts': APP })
  const {
    greet,
    nested,
  }: { greet: AppFunction<[string], Promise<string>>; nested: { hidden: typeof greet } } = await import(
    pathToFileURL(join(folder.path, 'app.ts')).href
  )

  assert.equal(await greet.remote('ada'), 'hi')
  await assert.rejects(nested.hidden.remote(''), /no name to call it by/)

  let pinned = false
  global[RUNTIME] = {
    app: 'deployed-as',
    env: 'staging',
    function: 'other',
    version: 12,
    currentCall: () => ({ id: 'ca-1', pinned, signal: AbortSignal.abort() }),
    sign: (text: string) => text,
    upgradeWebSocket: () => assert.fail(),
  }
  await greet.remote('ada')
  pinned = true
  await greet.remote('ada')
  const client = new Client({ url: peer.url, token: 'slu_of-somebody' })
  await Deployed.fromName('elsewhere', 'greet', { client }).remote()

  const calls = peer.requests.map(({ params, query, body }) => ({
    ...params,
    ...query,
    ...asked(body),
  }))
  assert.deepEqual(calls, [
    { app: 'demo', function: 'greet', env: 'main', version: undefined, parent: undefined },
    { app: 'deployed-as', function: 'greet', env: 'staging', version: undefined, parent: 'ca-1' },
    { app: 'deployed-as', function: 'greet', env: 'staging', version: 12, parent: 'ca-1' },
    { app: 'elsewhere', function: 'greet', env: 'main', version: undefined, parent: undefined },
  ])
})
