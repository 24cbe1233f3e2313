import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { after, before, test } from 'node:test'
import type { AppView } from '../../protocol/app-view.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { environment, MAIN, until } from './reached.ts'

const source = (mark: string) => `
import { readFileSync } from 'node:fs'
import { App, mountPath, Period } from 'sluice'
import { shout } from './shout.ts'
const app = new App('desk')
export const page = app.web({ label: 'desk', files: { '/words': './words' } }, () => {
  console.log('asked for ${mark}')
  return new Response(shout('${mark}') + readFileSync(mountPath('/words/end.txt'), 'utf8'))
})
export const tick = app.function({ schedule: Period({ minutes: 1 }) }, () => {})
export default app
`
const NAME = `desk-dev-${userInfo().username.toLowerCase()}`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({
    'app.ts': source('one'),
    'shout.ts': 'export const shout = (text: string) => text.toUpperCase()',
    'words/end.txt': '!',
  })
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('an app is served as its files change, beside the one that is deployed, until Ctrl-C', async () => {
  await installation.run('deploy', folder.entry)
  await using serving = await Serving.start()
  assert.match(serving.output, new RegExp(`Created page => http://${NAME}\\.localhost:\\d+\\n`))
  assert.equal(await served(), 'ONE!')
  await serving.says('page v1 | asked for one')
  assert.match(await installation.run('app', 'list'), new RegExp(`\\n${NAME} +ephemeral +v1 `))

  await folder.write('app.ts', source('two'))
  await serving.says('v2 of')
  assert.equal(await served(), 'TWO!')
  await folder.write('shout.ts', 'export const shout = (text: string) => text.repeat(2)')
  await serving.says('v3 of')
  assert.equal(await served(), 'twotwo!')
  await folder.write('words/end.txt', '?')
  await serving.says('v4 of')
  assert.equal(await served(), 'twotwo?')

  assert.equal((await installation.web('desk')).body, 'ONE!', 'what is deployed goes on')
  const schedules = await installation.json('schedule', 'list', NAME)
  assert.ok(
    schedules.items.every(({ next }: { next?: string[] }) => !next?.length),
    'it does not run by itself',
  )

  assert.equal(await serving.end('SIGINT'), 0)
  assert.equal((await installation.web(NAME)).status, 404)
  await until('nothing to be left of it', async () => (await app()) === undefined)
  assert.match((await installation.cli('app', 'start', NAME)).stderr, /There is no app/)
})

test('an error in the code is shown, and the version before serves until it is mended', async () => {
  await folder.write('shout.ts', 'export const shout = (text: string) => text')
  await using serving = await Serving.start()
  const before = await served()
  await folder.write('shout.ts', 'export const shout = (')
  await serving.says('could not be bundled')
  assert.equal(await served(), before)
  await folder.write('app.ts', `import './late.ts'\n${source('three')}`)
  await serving.says('Could not resolve "./late.ts"')
  await folder.write('shout.ts', 'export const shout = (text: string) => text')
  await folder.write('late.ts', '')
  await until('the mended version', async () => (await served()) === 'three?')
  await folder.write('app.ts', `${source('four')}\nif (process.env.SLUICE_VERSION) throw new Error('no ink')`)
  await serving.says('did not go live')
  await serving.says('no ink')
  assert.equal(await served(), 'three?')
  assert.equal(await serving.end('SIGTERM'), 0)
  await folder.write('app.ts', 'nonsense(')
  const { code, stderr } = await installation.cli('serve', folder.entry)
  assert.deepEqual([code, /could not be bundled/.test(stderr)], [1, true], 'there is nothing to serve')
  await folder.write('app.ts', source('one'))
})

test('an app goes soon after the terminal that served it was killed, though the control plane was, too', async () => {
  const serving = await Serving.start('--lease', '5s')
  assert.equal(await served(), 'one?')
  await serving.end('SIGKILL')
  const leased = Date.parse((await app())?.ephemeral?.until ?? '')
  await installation.kill('SIGKILL')
  await installation.up()
  await until('the app to stop by itself', async () => (await app())?.state !== 'deployed')
  assert.equal((await installation.web(NAME)).status, 404)
  const { items } = await installation.json('audit', 'list')
  const stop = items.find(({ action }: { action: string }) => action === 'app.stopping')
  assert.deepEqual([stop.by, stop.reason], ['sluice', 'nobody kept it alive any longer'])
  assert.ok(Date.parse(stop.at) >= leased, `stopped at ${stop.at}, before its lease ended`)
})

test('whoever has had enough need not wait for a version that is long in starting', async () => {
  const slow = 'if (process.env.SLUICE_VERSION) await new Promise((done) => setTimeout(done, 55_000))'
  const keen = source('slow').replace("label: 'desk'", "label: 'desk', minContainers: 1")
  await folder.write('app.ts', `${keen}\n${slow}`)
  await using serving = Serving.begin()
  await until('its container to start', async () => (await app())?.containers.starting === 1)
  assert.equal(await serving.end('SIGINT'), 0)
  assert.doesNotMatch(serving.output, /go live|live in/)
  await until('nothing to be left of it', async () => (await app()) === undefined, 60_000)
  await folder.write('app.ts', source('one'))
})

test('a Ctrl-C ends it quietly at any time, also where it comes twice by way of another program', async () => {
  await folder.write('app.ts', `${source('one')}\nawait new Promise((done) => setTimeout(done, 55_000))`)
  await using loading = Serving.begin()
  await until('the file to be loaded', () => loading.hasChildren())
  assert.deepEqual([await loading.end('SIGINT', 'SIGINT'), loading.output], [0, ''])

  await folder.write('app.ts', source('one'))
  await using serving = await Serving.start()
  assert.equal(await serving.end('SIGINT', 'SIGINT'), 0)
  assert.match(serving.output, /is stopped\.\n$/)
})

test('a name that belongs to an app with a history is not taken, and a lease has bounds', async () => {
  const { code, stderr } = await installation.cli('serve', folder.entry, '--name', 'desk')
  assert.deepEqual([code, /desk is an app that was deployed to stay/.test(stderr)], [1, true])
  assert.equal((await installation.web('desk')).body, 'ONE!')
  assert.equal((await installation.cli('serve', folder.entry, '--lease', '1s')).code, 2)
})

async function served(): Promise<string> {
  return (await installation.web(NAME)).body
}

async function app(): Promise<AppView | undefined> {
  const { items }: { items: AppView[] } = await installation.json('app', 'list')
  return items.find(({ name }) => name === NAME)
}

/** The command in a terminal of its own. */
class Serving implements AsyncDisposable {
  readonly #process: ChildProcess
  output = ''

  private constructor(options: string[]) {
    this.#process = spawn(process.execPath, [MAIN, 'serve', folder.entry, ...options], {
      env: { ...environment(), ...installation.variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (data) => (this.output += data))
  }

  static begin(...options: string[]): Serving {
    return new Serving(options)
  }

  static async start(...options: string[]): Promise<Serving> {
    const serving = Serving.begin(...options)
    await serving.says('press Ctrl-C to end')
    return serving
  }

  /** Waits until it has printed this. */
  async says(text: string): Promise<void> {
    await until(`it to say "${text}"`, async () => {
      if (this.#process.exitCode !== null) throw new Error(`serve has ended:\n${this.output}`)
      return this.output.includes(text)
    }).catch((error) => {
      throw new Error(`${error.message}; it said:\n${this.output}`)
    })
  }

  async hasChildren(): Promise<boolean> {
    const { pid } = this.#process
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
    return children.trim() !== ''
  }

  async end(...signals: NodeJS.Signals[]): Promise<number | null> {
    const { exitCode, signalCode } = this.#process
    if (exitCode !== null || signalCode !== null) return exitCode
    const exited = once(this.#process, 'exit')
    for (const signal of signals) this.#process.kill(signal)
    await exited
    return this.#process.exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL')
  }
}
