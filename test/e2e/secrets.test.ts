import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { processesOf } from './processes.ts'
import { environment, MAIN } from './reached.ts'

/** It tells values by their hashes, so that whatever holds a value got it from elsewhere. */
const APP = `
import { createHash } from 'node:crypto'
import { App, Secret } from 'sluice'

const app = new App('keeper', { secrets: [Secret.fromName('common')] })
const digest = (value?: string) => (value === undefined ? 'absent' : createHash('sha256').update(value).digest('hex'))

export const told = app.function(
  { secrets: [Secret.fromName('openai')], env: { MODE: 'env' }, minContainers: 1 },
  () => ({
    key: digest(process.env.OPENAI_KEY),
    shared: digest(process.env.SHARED),
    region: process.env.REGION,
    mode: process.env.MODE,
  }),
)
export const plain = app.function(() => ({ key: digest(process.env.OPENAI_KEY), region: process.env.REGION }))
export const page = app.web(() => new Response(digest(process.env.SHARED)))

export default app
`

const FIRST = 'sk-first-value-of-the-test'
const SECOND = 'sk-second value, "quoted" # and all'
const SHARED = 'one-that-all-functions-share'
const VALUES = [FIRST, SECOND, SHARED]

const digest = (value: string): string => createHash('sha256').update(value).digest('hex')

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': APP })
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

describe('an app that names two secrets', () => {
  test('is not deployed before they are there, which says what to type', async () => {
    const { code, stderr } = await installation.cli('deploy', folder.entry)
    assert.equal(code, 1)
    assert.match(stderr, /functions\.told\.secrets\.1 names the secret "openai"/)
    assert.match(stderr, /`sluice secret create openai KEY=VALUE`/)
    assert.match(stderr, /functions\.plain\.secrets\.0 names the secret "common"/)
    const { body } = await installation.api('GET', '/v1/apps')
    assert.deepEqual(body.items, [])
  })

  test('gets their variables, of files or standard input; the function’s secret wins over the app’s, env over both', async () => {
    await folder.write('.env', `# a comment\nOPENAI_KEY=${FIRST}\nREGION="of openai"\n`)
    const said = await installation.run(
      'secret',
      'create',
      'openai',
      '--from-dotenv',
      join(folder.path, '.env'),
    )
    assert.match(said, /version 1 of "openai" in environment "main": OPENAI_KEY, REGION/)
    const json = JSON.stringify({ SHARED, REGION: 'of common', MODE: 'secret' })
    assert.match(piped(['secret', 'create', 'common'], json), /SHARED, REGION, MODE/)

    await installation.run('deploy', folder.entry)
    assert.deepEqual(await told(), {
      key: digest(FIRST),
      shared: digest(SHARED),
      region: 'of openai',
      mode: 'env',
    })
    const { result } = await installation.json('call', 'keeper.plain')
    assert.deepEqual(result, { key: 'absent', region: 'of common' })
    assert.equal((await installation.web('keeper-page')).body, digest(SHARED))
  })

  test('a secret is not overwritten by mistake', async () => {
    const { code, stderr } = await installation.cli('secret', 'create', 'openai', `OPENAI_KEY=${SECOND}`)
    assert.equal(code, 1)
    assert.match(stderr, /has a secret "openai" already \(version 1.*--force/)
    assert.ok(!stderr.includes(SECOND))
  })

  test('keeps what it was deployed with, until a rollover takes the newest', async () => {
    await installation.run('secret', 'create', 'openai', `OPENAI_KEY=${SECOND}`, '--force')
    assert.equal((await told()).key, digest(FIRST))
    await installation.run('app', 'rollover', 'keeper')
    const now = await told()
    assert.equal(now.key, digest(SECOND))
    assert.equal(now.region, 'of common', 'a version is whole: what it leaves out is gone')
    assert.deepEqual((await newest()).secrets, { common: 1, openai: 2 })
  })

  test('a rollback brings the secrets of then back, though the code is the same', async () => {
    const said = await installation.run('app', 'rollback', 'keeper')
    assert.match(said, /Rolling back to v1, as v3/)
    assert.equal((await told()).key, digest(FIRST))
    assert.deepEqual((await newest()).secrets, { common: 1, openai: 1 })
  })

  test('a deploy of the same files takes the newest secrets, and then there is nothing new', async () => {
    assert.match(await installation.run('deploy', folder.entry), /v4 live/)
    assert.equal((await told()).key, digest(SECOND))
    assert.match(await installation.run('deploy', folder.entry), /no changes since v4/)
  })

  test('a process that died gets them again', async () => {
    await installation.kill('SIGKILL')
    await installation.up()
    assert.equal((await told()).key, digest(SECOND))
  })

  test('no list of processes, log, answer, record or file has a value', async () => {
    const places = { ...(await filesOf(installation.dir)), ...(await processTexts()), ...(await answers()) }
    assert.ok(Object.keys(places).length > 20)
    assert.match(places['the runner’s and the author’s processes'] ?? '', /child/)
    for (const [place, text] of Object.entries(places))
      for (const value of VALUES) assert.ok(!text.includes(value), `${value} is in ${place}`)
  })

  test('a secret that versions need is kept, and says which; with --force it goes, and what needs it says so', async () => {
    const kept = await installation.cli('secret', 'delete', 'openai')
    assert.equal(kept.code, 1)
    assert.match(kept.stderr, /needed by v4 of keeper \(live\), v3 of keeper \(superseded\).*--force/)
    const described = await installation.json('secret', 'describe', 'openai')
    assert.deepEqual(
      described.versions.map(
        ({ version, pinnedBy }: { version: number; pinnedBy: { version: number }[] }) => [
          version,
          pinnedBy.map((pin) => pin.version),
        ],
      ),
      [
        [2, [4, 2]],
        [1, [3, 1]],
      ],
    )

    await installation.run('secret', 'delete', 'openai', '--force')
    assert.equal((await told()).key, digest(SECOND), 'what runs goes on')
    for (const command of [
      ['app', 'rollback', 'keeper', 'v1'],
      ['app', 'rollover', 'keeper'],
    ]) {
      const { code, stderr } = await installation.cli(...command)
      assert.equal(code, 1)
      assert.match(stderr, /secret "openai", which was deleted.*sluice secret create openai/)
    }
    assert.equal((await newest()).version, 4)
  })

  test('a secret that is made anew is not the old one', async () => {
    await installation.run('secret', 'create', 'openai', 'OPENAI_KEY=anew')
    const { code } = await installation.cli('app', 'rollback', 'keeper', 'v1')
    assert.equal(code, 1)
    await installation.run('app', 'rollover', 'keeper')
    assert.equal((await told()).key, digest('anew'))
    const { items } = await installation.json('secret', 'list')
    assert.deepEqual(
      items.map(({ name, version }: { name: string; version: number }) => [name, version]),
      [
        ['common', 1],
        ['openai', 3],
      ],
    )
  })

  test('each change is in the audit, by whom', async () => {
    const { body } = await installation.api('GET', '/v1/audit?limit=200')
    const changes = body.items
      .filter(({ action }: { action: string }) => action.startsWith('secret.'))
      .map(({ action, subject }: { action: string; subject: string }) => `${action} ${subject}`)
    assert.deepEqual(changes, [
      'secret.written openai',
      'secret.deleted openai',
      'secret.written openai',
      'secret.written common',
      'secret.written openai',
    ])
  })
})

describe('what was mistyped', () => {
  const SLIP = 'sk-that-should-not-be-shown'

  for (const [what, words, fault] of [
    ['a word that is no pair', ['KEY', SLIP], /Word 1 .* no KEY=VALUE/],
    ['a pair as an option', [`--KEY=${SLIP}`], /Word 1 .* no KEY=VALUE/],
    ['nothing at all', [], /no variables: give KEY=VALUE, .* on standard input/],
    ['a file that is not there', ['--from-json', '/nowhere.json'], /no file \/nowhere\.json/],
  ] as const) {
    test(`${what} is refused as misuse, unseen`, async () => {
      const { code, stderr, stdout } = await installation.cli('secret', 'create', 'slip', ...words)
      assert.equal(code, 2)
      assert.match(stderr, fault)
      assert.ok(!`${stderr}${stdout}`.includes(SLIP))
    })
  }

  test('a file that is no JSON, or has values that are no text, is not quoted', async () => {
    for (const content of [`{"KEY": "${SLIP}"`, `{"KEY": ["${SLIP}"]}`]) {
      await folder.write('slip.json', content)
      const { code, stderr } = await installation.cli(
        'secret',
        'create',
        'slip',
        '--from-json',
        join(folder.path, 'slip.json'),
      )
      assert.equal(code, 2)
      assert.ok(!stderr.includes(SLIP), stderr)
    }
  })

  test('what the server refuses is told without values', async () => {
    for (const pair of [`${SLIP}=KEY`, `PATH=${SLIP}`, `SLUICE_TOKEN=${SLIP}`]) {
      const { code, stderr } = await installation.cli('secret', 'create', 'slip', pair)
      assert.equal(code, 1)
      assert.match(stderr, /variables/)
      assert.ok(!stderr.includes(SLIP), stderr)
    }
    const { items } = await installation.json('secret', 'list')
    assert.ok(!items.some(({ name }: { name: string }) => name === 'slip'))
  })
})

async function told(): Promise<Record<string, string>> {
  return (await installation.json('call', 'keeper.told')).result
}

async function newest() {
  return (await installation.json('app', 'history', 'keeper')).items[0]
}

function piped(words: string[], input: string): string {
  const env = { ...environment(), ...installation.variables }
  return spawnSync(process.execPath, [MAIN, ...words], { input, env, encoding: 'utf8' }).stdout
}

/** Contents by path. Old containers leave meanwhile, and take their folders along. */
async function filesOf(dir: string): Promise<Record<string, string>> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(unlessGone<Dirent[]>([]))
  const contents = entries.map(async (entry): Promise<Record<string, string>> => {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return filesOf(path)
    if (!entry.isFile()) return {}
    return { [path]: await readFile(path, 'latin1').catch(unlessGone('')) }
  })
  return Object.assign({}, ...(await Promise.all(contents)))
}

/** Their command lines and environments, as `ps` shows them. */
async function processTexts(): Promise<Record<string, string>> {
  const found = await processesOf(installation.dir)
  const texts = found.map(async ({ pid, command }) => {
    const environ = await readFile(`/proc/${pid}/environ`, 'utf8').catch(unlessGone(''))
    return `${command} ${environ}`
  })
  return { 'the runner’s and the author’s processes': (await Promise.all(texts)).join('\n') }
}

/** What takes the place of a file, folder or process that is not there any more. */
const unlessGone =
  <Nothing>(nothing: Nothing) =>
  (error: NodeJS.ErrnoException): Nothing => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return nothing
    throw error
  }

/** Everything that there is to be asked about the app. */
async function answers(): Promise<Record<string, string>> {
  const paths = [
    '/v1/apps',
    '/v1/apps/keeper',
    '/v1/apps/keeper/versions',
    '/v1/apps/keeper/versions/1',
    '/v1/apps/keeper/diff?from=1&to=2',
    '/v1/apps/keeper/containers?all=true',
    '/v1/apps/keeper/calls',
    '/v1/secrets',
    '/v1/secrets/openai',
    '/v1/audit',
  ]
  const asked = paths.map(async (path) => {
    const { status, body } = await installation.api('GET', path)
    assert.equal(status, 200, path)
    return [path, JSON.stringify(body)] as const
  })
  const { stdout } = await installation.cli('app', 'logs', 'keeper', '-n', '20000', '--json')
  return {
    ...Object.fromEntries(await Promise.all(asked)),
    'the log of the app': stdout,
    'the output of the control plane': installation.output,
  }
}
