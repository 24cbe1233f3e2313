import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder } from '../sdk/folder.ts'
import { bodyOf, startPeer, versionView } from '../sdk/peer.ts'
import { ROOT, sluice } from './sluice.ts'

/** What a packed Sluice is made of, put where `npm install` puts it, with its dependencies beside it. */
function installInto(folder: string): void {
  const sluiceFolder = join(folder, 'node_modules/sluice')
  mkdirSync(sluiceFolder, { recursive: true })
  const tsc = [`${ROOT}/node_modules/typescript/bin/tsc`, '-p', `${ROOT}/tsconfig.build.json`]
  execFileSync(process.execPath, [...tsc, '--outDir', join(sluiceFolder, 'dist')])
  const { files }: { files: string[] } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'))
  for (const file of ['package.json', ...files.filter((file) => file !== 'dist')]) {
    cpSync(join(ROOT, file), join(sluiceFolder, file))
  }
  for (const name of readdirSync(`${ROOT}/node_modules`)) {
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name))
  }
}

test('the packed package deploys an app, and plain Node.js imports it', async () => {
  using folder = makeFolder({
    'app.ts': `
      import { App } from 'sluice'
      const app = new App('demo')
      export const greet = app.function(async (name: string) => name)
      export default app`,
    'caller.mjs': `
      import { App, Function } from 'sluice'
      const greet = new App('demo').function({ name: 'greet' }, (name) => 'hi ' + name)
      console.log(greet.local('ada'), typeof Function.fromName('demo', 'greet').remote)`,
  })
  installInto(folder.path)
  await using peer = await startPeer({ deploy: () => versionView({ status: 'live', unchanged: true }) })
  const launcher = join(folder.path, 'node_modules/sluice/cli/sluice.mjs')
  const deployed = await sluice(['deploy', join(folder.path, 'app.ts')], {
    url: peer.url,
    command: [process.execPath, launcher],
  })
  assert.deepEqual([deployed.code, deployed.stderr], [0, ''])
  assert.deepEqual(Object.keys(bodyOf(peer, 'deploy').manifest.functions), ['greet'])

  const caller = await sluice([], { command: [process.execPath, join(folder.path, 'caller.mjs')] })
  assert.deepEqual([caller.code, caller.stdout], [0, 'hi ada function\n'])
})
