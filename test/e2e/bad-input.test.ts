import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { FAULTY_APPS } from './faulty-apps.ts'
import type { Installation } from './installation.ts'
import { OneApp } from './one-app.ts'
import { type CommandResult, sluice } from './reached.ts'

const FAILED = 1
const MISUSED = 2
const STACK = /^\s+at .+:\d+:\d+\)?$/m

let one: OneApp
let installation: Installation
let untouched: unknown

before(async () => {
  one = await OneApp.start()
  installation = one.installation
  untouched = await one.state()
})

after(() => one[Symbol.asyncDispose]())

afterEach(async () => assert.deepEqual(await one.state(), untouched, 'nothing has changed'))

for (const { fault, source, says } of FAULTY_APPS) {
  test(`an app with ${fault} is not deployed`, async () => {
    await one.folder.write('faulty.ts', source)
    refused(await installation.cli('deploy', join(one.folder.path, 'faulty.ts')), FAILED, says)
  })
}

const refusals: [what: string, words: string, says: RegExp][] = [
  ['a file that is not there', 'deploy /nowhere/app.ts', /^✗ There is no file app\.ts in \/nowhere\.\n$/],
  [
    'an app that is not there',
    'app describe podcast-serch',
    /no app "podcast-serch" .*Did you mean "podcast-search"\?/,
  ],
  ['an app that resembles none', 'app stop zebra', /no app "zebra" .*See `sluice app list`/],
  [
    'a function that is not there',
    'call podcast-search.gret ada',
    /v1 has no function "gret"\. Did you mean "greet"\?/,
  ],
  ['a call of a web function', 'call podcast-search.site', /a web function\. Send it an HTTP request/],
  [
    'a container that is not there',
    'container stop co-none',
    /no container "co-none"\. See `sluice container list APP`/,
  ],
  [
    'a rollback to a version that never was',
    'app rollback podcast-search 7',
    /has no v7; its only version is v1\. See/,
  ],
  [
    'a call of a version that never was',
    'call podcast-search.greet ada --version 7',
    /has no v7; its only version is v1/,
  ],
  [
    'a rollback where nothing was before',
    'app rollback podcast-search',
    /no earlier version that was healthy/,
  ],
  ['a name with ../', 'app stop ../etc', /^✗ The request is not valid:\n {2}env must be 1 to 32 of a-z/],
  ['a name of two dots', 'app stop ..', /^✗ There can be no app "\.\."/],
]
for (const [what, words, says] of refusals) {
  test(`${what} is refused`, async () => {
    refused(await installation.cli(...words.split(' ')), FAILED, says)
  })
}

const misuses: [words: string, says: RegExp][] = [
  ['deploy app.ts --tagg x', /unknown option '--tagg'\n\(Did you mean --tag\?\)/],
  ['app histori podcast-search', /unknown command 'histori'\n\(Did you mean history\?\)/],
  ['app stop a/../b', /Write an app as NAME, or as ENV\/NAME\./],
  ['app rollback podcast-search yesterday', /A version is a number, such as 3 or v3\./],
]
for (const [words, says] of misuses) {
  test(`"sluice ${words}" is misuse`, async () => {
    refused(await installation.cli(...words.split(' ')), MISUSED, says)
  })
}

test('without a token that is known here, nothing is shown, and where tokens are is', async () => {
  const { SLUICE_URL = '' } = installation.variables
  for (const variables of [{ SLUICE_URL }, { SLUICE_URL, SLUICE_TOKEN: 'slu_guess' }]) {
    const said = await sluice(['app', 'stop', 'podcast-search'], variables)
    refused(said, FAILED, /^✗ (Send a token|The token is not known).*\nSet SLUICE_TOKEN to a token/)
  }
})

test('--verbose shows where a failure comes from', async () => {
  const { code, stderr } = await installation.cli('app', 'describe', 'zebra', '--verbose')
  assert.equal(code, FAILED)
  assert.match(stderr, STACK)
})

test('a control plane that does not run says how to start it', async () => {
  const { url, dir } = installation
  await installation.kill()
  for (const words of [
    ['app', 'list'],
    ['deploy', one.folder.entry],
  ]) {
    const said = await sluice(words, { SLUICE_DIR: dir })
    refused(said, FAILED, new RegExp(`^✗ Sluice is not running at ${url}\\. Start it with "sluice up"\\.\n$`))
  }
  const never = await sluice(['app', 'list'], { SLUICE_DIR: one.folder.path })
  refused(never, FAILED, /holds no running platform\. Start one with "sluice up"/)
  await installation.up()
})

function refused({ code, stdout, stderr }: CommandResult, expected: number, says: RegExp): void {
  assert.match(stderr, says)
  assert.doesNotMatch(stderr, STACK)
  assert.deepEqual({ code, stdout }, { code: expected, stdout: '' })
}
