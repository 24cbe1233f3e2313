import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { LogLine } from '../../protocol/log-line.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { environment, MAIN, until } from './reached.ts'

const source = (greeting: string, gates: string) => `
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('shop')

export const greet = app.function({ concurrency: 10, minContainers: 1 }, async (name: string, gate?: string) => {
  console.log(${JSON.stringify(greeting)}, name)
  while (gate && !existsSync(${JSON.stringify(gates)} + '/' + gate)) await sleep(10)
  process.stderr.write('bye ' + name)
})
export const count = app.function(async (to: number) => {
  for (let i = 1; i <= to; i++) console.log('line', i)
  console.log('{"source":"system","line":"v9 is live"}\\u001b[2J')
  throw new Error('enough')
})
export const cannot = app.function(() => 1)
if (${JSON.stringify(greeting)} === 'broken' && process.env.SLUICE_VERSION) throw new Error('no key')

export default app
`

let installation: Installation
let folder: AppFolder
before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create()
  await deploy('hello')
})
after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const deploy = async (greeting: string) => {
  await folder.write('app.ts', source(greeting, folder.path))
  return installation.cli('deploy', folder.entry)
}
const lines = async (...words: string[]) => {
  const printed = await installation.run('app', 'logs', 'shop', '--json', ...words)
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line): LogLine => JSON.parse(line))
}
const textsOf = (found: LogLine[]) => found.map(({ line }) => line)

/** With its container's name, which nobody knows before, left out. */
const system = async (...words: string[]) =>
  (await lines('-s', 'system', '-n', '1000', ...words)).map((told) => ({
    ...told,
    line: told.line.replace(/co-\w+ /, ''),
  }))
const story = async (...words: string[]) => textsOf(await system(...words))

test('lines tell the call that wrote them, also of calls side by side in one container', async () => {
  const [ada, bob] = await Promise.all(
    ['ada', 'bob'].map((name) => installation.run('call', 'shop.greet', name, 'both', '--spawn')),
  )
  await until('both to begin', async () => (await lines('--search', 'hello')).length === 2)
  await writeFile(join(folder.path, 'both'), '')
  for (const [call = '', name] of [
    [ada, 'ada'],
    [bob, 'bob'],
  ] as const) {
    const own = () => lines('--call', call.trim())
    await until('the last line', async () => (await own()).length === 2)
    assert.deepEqual(
      (await own()).map(({ source, function: of, version, line }) => [source, of, version, line]),
      [
        ['stdout', 'greet', 1, `hello ${name}`],
        ['stderr', 'greet', 1, `bye ${name}`],
      ],
    )
  }
})

test('lines are found by what is asked for, and cannot pass for others', async () => {
  const { code, stderr } = await installation.cli('call', 'shop.count', '300', '--logs')
  assert.equal(code, 1)
  assert.ok(stderr.startsWith('line 1\nline 2\n'), stderr.slice(0, 100))
  const [, id = ''] = /sluice app logs shop --call (ca-\w+)\n$/.exec(stderr) ?? []
  const found = await lines('--call', id, '--tail', '3')
  assert.deepEqual(textsOf(found), [
    'line 299',
    'line 300',
    '{"source":"system","line":"v9 is live"}\u001b[2J',
  ])
  assert.equal(found.at(-1)?.source, 'stdout')
  const shown = await installation.run('app', 'logs', 'shop', '--call', id, '-n', '1')
  assert.equal(shown, '{"source":"system","line":"v9 is live"}\\x1b[2J\n')
  assert.deepEqual(textsOf(await lines('--function', 'count', '--search', 'line 29', '--since', '1h')), [
    'line 29',
    ...Array.from({ length: 10 }, (_, i) => `line 29${i}`),
  ])
  assert.deepEqual(await lines('--function', 'count', '-s', 'stderr', '--until', '1h'), [])
  const { container = '' } = found[0] ?? {}
  const ofContainer = await installation.run(
    'container',
    'logs',
    container,
    '--call',
    id,
    '-n',
    '1',
    '--search',
    '300',
  )
  assert.equal(ofContainer, 'line 300\n')
})

test('the system’s lines tell the story of each rollout, in its order, and once over a restart', async () => {
  assert.match((await story('--version', '1'))[0] ?? '', /^v1 begins: deploy by \w+\.$/)
  await installation.kill()
  await installation.up()
  assert.equal((await deploy('broken')).code, 1)
  await deploy('good day')
  const left = 'All older containers have left: v3 alone runs.'
  await until('the old version to have left', async () => (await story('--version', '3')).includes(left))
  // The container of another function, which was called before, is replaced beside this one's.
  const told = (await system('--version', '3')).filter(({ function: of }) => of !== 'count')
  assert.deepEqual(textsOf(told).slice(1), [
    'v3 starts its containers.',
    'Container starts.',
    'The container is ready.',
    'v3 is ready.',
    'v3 is live: calls and requests go to it from now on.',
    left,
  ])
  const failed = (await story('--version', '2')).filter((line) => line.startsWith('v2 failed'))
  assert.equal(failed.length, 1)
  assert.match(failed[0] ?? '', /^v2 failed: (greet|count) could not start: .* v1 goes on\.$/s)
  const ofOld = await story('--version', '1', '--function', 'greet')
  assert.ok(ofOld.includes('Container takes nothing new: v3 is live.'), ofOld.join('\n'))
})

test('whoever follows misses nothing and is told nothing twice, over a restart of the control plane', async () => {
  const following = follow('--function', 'greet', '-s', 'stdout', '--columns', 'none')
  await installation.run('call', 'shop.greet', 'one')
  await following.printed('good day one\n')
  await installation.run('call', 'shop.greet', 'two', 'late', '--spawn')
  await following.printed('good day two\n')
  await installation.kill()
  await installation.up()
  await writeFile(join(folder.path, 'late'), '')
  await installation.run('call', 'shop.greet', 'three')
  assert.match(await following.printed('good day three\n'), /good day one\ngood day two\ngood day three\n$/)
  await following.end()
})

test('a stopped app’s log can still be read, to its last word', async () => {
  await installation.run('app', 'stop', 'shop', '--yes', '--reason', 'sold out')
  await until('the app to be stopped', async () => (await story()).at(-1) === 'The app is stopped.')
  const told = await story()
  assert.equal(
    told.filter((line) => /^The app is being stopped by \w+, because: sold out\.$/.test(line)).length,
    1,
  )
  assert.ok((await lines('-n', '1000')).some(({ line }) => line === 'good day three'))
})

function follow(...words: string[]) {
  const child: ChildProcess = spawn(process.execPath, [MAIN, 'app', 'logs', 'shop', '-f', ...words], {
    env: { ...environment(), ...installation.variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout?.on('data', (data) => (output += data))
  return {
    printed: async (text: string) => {
      await until(`"${text}" to be printed`, () => output.includes(text))
      return output
    },
    end: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGINT')
      await exited
    },
  }
}
