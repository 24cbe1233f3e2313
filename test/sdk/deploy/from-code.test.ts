import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT, sluice } from '../../cli/sluice.ts'
import { makeFolder } from '../folder.ts'
import { type Answers, bodyOf, callView, startPeer, versionView } from '../peer.ts'

const FILES = {
  'package.json': '{"type":"module"}',
  'app.ts': `
    import { App } from 'sluice'
    const app = new App('demo')
    export const greet = app.function(async (name: string) => 'hi ' + name)
    export default app`,
  'program.ts': `
    import app, { greet } from './app.ts'
    try {
      const { version, status } = await app.deploy({ tag: 'green', env: 'staging' })
      console.log(version, status, await greet.remote('ada'))
    } catch (error) {
      console.log(error.name, error.message, error.detail)
    }`,
}

/** Runs the program in a folder that the package of this clone is linked into. */
async function runProgram(answers: Answers) {
  await using peer = await startPeer(answers)
  using folder = makeFolder(FILES)
  mkdirSync(join(folder.path, 'node_modules'))
  symlinkSync(ROOT, join(folder.path, 'node_modules/sluice'))
  const command = [process.execPath, '--conditions=source', join(folder.path, 'program.ts')]
  return { ...(await sluice([], { url: peer.url, command })), peer }
}

test('a program deploys the app that it imports, and calls it', async () => {
  const { stdout, stderr, peer } = await runProgram({
    deploy: () => versionView(),
    getVersion: () => versionView({ status: 'live' }),
    call: ({ body }) => callView({ status: 'succeeded', result: body.args?.[0] }),
  })
  assert.deepEqual([stdout, stderr], ['3 live ada\n', ''])
  const { tag, client, manifest } = bodyOf(peer, 'deploy')
  assert.equal(tag, 'green')
  assert.match(client ?? '', /^sluice-sdk\//)
  assert.deepEqual(Object.keys(manifest.functions), ['greet'])
  assert.deepEqual(
    peer.requests.map(({ route, query }) => [route, query.env]),
    [
      ['missingBlobs', 'staging'],
      ['deploy', 'staging'],
      ['getVersion', 'main'],
      ['call', 'main'],
    ],
  )
})

test('a version that does not become live is an error with the container’s last lines', async () => {
  const error = { code: 'start_failed', message: 'greet could not start', logs: ['loading', 'no key'] }
  const { stdout } = await runProgram({ deploy: () => versionView({ status: 'failed', error }) })
  assert.equal(stdout, 'DeployFault v3 of demo did not become live: greet could not start loading\nno key\n')
})
