import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeFolder } from '../sdk/folder.ts'
import { problem, startPeer } from '../sdk/peer.ts'
import { sluice } from './sluice.ts'

/** A port that nobody listens on: what is sent to it is refused. */
const NOBODY = 'http://127.0.0.1:9'

test('a command line that makes no sense ends with 2 and the nearest that does', async () => {
  const misuses: [words: string, message: RegExp][] = [
    ['deploi app.ts', /unknown command 'deploi'\n\(Did you mean deploy\?\)/],
    ['app lst', /unknown command 'lst'\n\(Did you mean list\?\)/],
    ['deploy app.ts --tagg x', /unknown option '--tagg'\n\(Did you mean --tag\?\)/],
    ['deploy app.ts --frob', /unknown option '--frob'\nAdd --help to see what it takes/],
    ['deploy', /missing required argument 'file'/],
    ['deploy a.ts b.ts', /too many arguments/],
    ['deploy app.ts --strategy blue', /Allowed choices are rolling, recreate/],
    ['call greet', /Write a function as APP\.FUNCTION/],
    ['call demo.greet --args-json {}', /Write a JSON list/],
    ['app rollback demo latest', /A version is a number, such as 3 or v3/],
    ['app history a/b/c', /Write an app as NAME, or as ENV\/NAME/],
    ['app logs demo --since yesterday', /Write how long ago, such as 10m/],
    ['app logs demo --since 10', /Write how long ago, such as 10m/],
    ['app logs demo --tail 0', /Write a number from 1 to 20000/],
    ['app logs demo -s stdin', /Allowed choices are stdout, stderr, system/],
    ['app logs demo -f --until 1h', /cannot be used with option '--until/],
    ['container logs co-1 --columns calls', /There is no column "calls"\. Write some of source, function/],
    ['app', /Usage: sluice app/],
  ]
  for (const [words, message] of misuses) {
    const { code, stderr, stdout } = await sluice(words.split(' '), { url: NOBODY })
    assert.match(stderr, message)
    assert.deepEqual([words, code, stdout], [words, 2, ''])
  }
})

test('a name that no address can hold is refused, and nothing is asked', async () => {
  for (const words of ['app stop ..', 'app describe .', 'call ...greet']) {
    const { code, stderr } = await sluice(words.split(' '), { url: NOBODY })
    assert.match(stderr, /^✗ There can be no app "\.\.?": a name begins with a letter or digit\.\n$/)
    assert.equal(code, 1)
  }
})

test('help and version are no misuse', async () => {
  const help = await sluice(['--help'])
  assert.equal(help.code, 0)
  for (const word of ['up', 'down', 'deploy', 'call', 'app', 'container']) {
    assert.match(help.stdout, new RegExp(`\\n  ${word}\\b`))
  }
  const version = await sluice(['--version'])
  assert.deepEqual([version.code, /^\d+\.\d+\.\d+\n$/.test(version.stdout)], [0, true])
})

test('a control plane that is away or unknown is told how to start', { timeout: 20_000 }, async () => {
  const away = await sluice(['app', 'list'], { url: NOBODY })
  assert.deepEqual(
    [away.code, away.stderr],
    [1, `✗ Sluice is not running at ${NOBODY}. Start it with "sluice up".\n`],
  )
  using empty = makeFolder()
  const unknown = await sluice(['app', 'list'], { cwd: empty.path, variables: { SLUICE_DIR: empty.path } })
  assert.equal(unknown.code, 1)
  assert.match(unknown.stderr, /holds no running platform\. Start one with "sluice up"/)
})

test('a refused token says where tokens come from, and --verbose shows the stack', async () => {
  await using peer = await startPeer({
    listApps: () => {
      throw problem('unauthenticated', 'The token is not known here.')
    },
  })
  const { code, stderr } = await sluice(['app', 'list'], { url: peer.url })
  assert.equal(code, 1)
  assert.match(stderr, /^✗ The token is not known here\.\nSet SLUICE_TOKEN to a token of this control plane/)
  assert.match((await sluice(['app', 'list', '--verbose'], { url: peer.url })).stderr, /\n {4}at /)
})

test('--url comes before SLUICE_URL', async () => {
  await using peer = await startPeer({ listApps: () => ({ items: [] }) })
  const { stdout } = await sluice(['app', 'list', '--url', peer.url], { url: NOBODY })
  assert.match(stdout, /There are no apps yet/)
  const abroad = await sluice(['app', 'list', '--env', 'stagin'], { url: peer.url })
  assert.match(abroad.stdout, /There are no apps in environment "stagin" yet/)
})
