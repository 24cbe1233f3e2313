import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder } from '../sdk/folder.ts'
import { type Answers, problem, startPeer } from '../sdk/peer.ts'
import { sluice } from './sluice.ts'

const TOKEN = 'slu_of-a-profile'
const PRIVATE = 0o600

const answers: Answers = {
  whoAmI: ({ token }) => {
    if (token !== TOKEN) throw problem('unauthenticated', 'The token is not known here.')
    return { kind: 'token', name: 'ci', role: 'deployer', scopes: ['read', 'call', 'deploy'], env: 'prod' }
  },
  listApps: ({ token, query }) => {
    if (token !== TOKEN) throw problem('unauthenticated', 'The token is not known here.')
    assert.equal(query.env, 'prod')
    return { items: [] }
  },
}

/** A user with a configuration folder of their own, and nothing in the environment. */
function user() {
  const folder = makeFolder()
  const file = join(folder.path, 'sluice/profiles.json')
  const variables = { XDG_CONFIG_HOME: folder.path, SLUICE_TOKEN: '' }
  const type = (words: string, more: Record<string, string> = {}) =>
    sluice(words.split(' '), { cwd: folder.path, variables: { ...variables, ...more } })
  return { file, type, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

test('a profile is written down once it lets its owner in, for nobody else to read, and used from then on', async () => {
  await using peer = await startPeer(answers)
  using me = user()
  const made = await me.type(`profile create team --url ${peer.url} --env prod`, { SLUICE_TOKEN: TOKEN })
  assert.deepEqual([made.code, made.stderr], [0, ''])
  assert.match(made.stdout, /There you are ci, deployer in prod\./)
  assert.equal(statSync(me.file).mode & 0o777, PRIVATE)
  assert.equal(statSync(join(me.file, '..')).mode & 0o077, 0)

  const named = await me.type('app list --profile team')
  assert.match(named.stdout, /There are no apps in environment "prod" yet/)
  assert.equal((await me.type('profile use team')).code, 0)
  assert.match((await me.type('app list')).stdout, /no apps in environment "prod"/)
  assert.match(
    (await me.type('token show')).stdout,
    /you are ci, deployer in prod\.\nYou may: read, call, deploy\./,
  )
})

test('profiles are listed without their tokens, and forgotten', async () => {
  await using peer = await startPeer(answers)
  using me = user()
  for (const name of ['one', 'two'])
    await me.type(`profile create ${name} --url ${peer.url} --token ${TOKEN}`)
  await me.type('profile use two')
  const { stdout } = await me.type('profile list')
  assert.match(stdout, new RegExp(`\\*? +one +${peer.url} +token\\n\\* +two`))
  const listed = await me.type('profile list --json')
  assert.deepEqual(JSON.parse(listed.stdout).current, 'two')
  assert.doesNotMatch(stdout + listed.stdout, new RegExp(TOKEN))
  await me.type('profile delete two')
  assert.deepEqual(Object.keys(JSON.parse(readFileSync(me.file, 'utf8')).profiles), ['one'])
  assert.equal(JSON.parse((await me.type('profile list --json')).stdout).current, 'local')
})

test('what makes no sense is refused, and changes nothing', async () => {
  await using peer = await startPeer(answers)
  using me = user()
  const at = `--url ${peer.url}`
  const misuses: [words: string, code: number, message: RegExp][] = [
    [`profile create team ${at}`, 1, /Give the token as SLUICE_TOKEN, pipe it in with "--token -"/],
    [`profile create team ${at} --token -`, 1, /Standard input was empty/],
    [`profile create team ${at} --token wrong`, 1, /The token is not known here/],
    ['profile create team --url http://127.0.0.1:9 --token x', 1, /not running at/],
    ['profile create team --url nowhere --token x', 2, /Write an address such as https/],
    [`profile create local ${at}`, 2, /"local" is the platform on this machine/],
    [`profile create a/b ${at}`, 2, /A profile’s name is/],
    ['profile use team', 1, /There is no profile "team"\. There are none yet\./],
    ['profile delete team', 1, /There is no profile "team"/],
    ['app list --profile team', 1, /There is no profile "team"/],
  ]
  for (const [words, code, message] of misuses) {
    const outcome = await me.type(words)
    assert.match(outcome.stderr, message)
    assert.deepEqual([words, outcome.code, existsSync(me.file)], [words, code, false])
  }
  await me.type(`profile create team ${at} --token ${TOKEN}`)
  const before = readFileSync(me.file, 'utf8')
  const again = await me.type(`profile create team ${at} --env other --token ${TOKEN}`)
  assert.match(again.stderr, /There is a profile "team" already\. Add "--replace"/)
  assert.equal(readFileSync(me.file, 'utf8'), before)
  assert.equal((await me.type(`profile create team ${at} --env other --token ${TOKEN} --replace`)).code, 0)
})
