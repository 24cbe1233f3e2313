import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { EarlyProcess } from '../../runner/author-start.ts'
import { makeFolder } from '../sdk/folder.ts'
import { startContainer } from './container.ts'
import { resultOf } from './outcomes.ts'

const LIMIT = { timeout: 30_000 }
const ON_LINUX = { ...LIMIT, skip: process.platform !== 'linux' && 'SKIPPED: /proc is Linux’s' }
const PROGRAM = `process.on('message', () => process.send(process.env)).on('disconnect', () => process.exit())`
const TITLED = {
  'bundle.mjs': `
    import { makeApp } from './author.mjs'
    export default makeApp({ title: () => process.title })`,
  'author.mjs': readFileSync(join(import.meta.dirname, '../fixtures/bundles/author.mjs')),
}

/** What it is told now, and whether it was told before it began: the kernel keeps what a process began with. */
const GREETED = {
  'bundle.mjs': `
    import { readFileSync } from 'node:fs'
    import { makeApp } from './author.mjs'
    const begun = readFileSync('/proc/self/environ', 'utf8')
    export default makeApp({ greetings: () => [process.env.GREETING, begun.includes('GREETING=')] })`,
  'author.mjs': TITLED['author.mjs'],
}

/** One that has begun with these variables, in 512 MiB; its folder is there no sooner than it. */
function begin(t: TestContext, variables: Record<string, string>) {
  const folder = makeFolder({ 'program.cjs': PROGRAM })
  t.after(() => folder[Symbol.dispose]())
  const root = join(folder.path, 'root')
  const program = { file: join(folder.path, 'program.cjs'), root, variables, memory: 512 }
  return { program, early: new EarlyProcess(program) }
}

test('a process that began early is taken once, for whatever it can still be told', LIMIT, async (t) => {
  const { early, program } = begin(t, { PATH: '/bin' })
  const taken = early.take({ ...program, variables: { PATH: '/usr/bin', GREETING: 'hello' } })
  assert.ok(taken, 'it was not taken')
  assert.equal(early.take(program), undefined)
  const answered = once(taken, 'message')
  taken.send('what do you know?')
  assert.deepEqual((await answered)[0], { PATH: '/bin' })
  taken.disconnect()
  await once(taken, 'exit')
})

test('one that would have started otherwise, or has ended, is not taken', LIMIT, (t) => {
  const options = { NODE_OPTIONS: '--title=chosen' }
  const [bare, optioned, other] = [begin(t, {}), begin(t, options), begin(t, {})]
  assert.equal(bare.early.take({ ...bare.program, variables: options }), undefined)
  const taken = optioned.early.take(optioned.program)
  assert.ok(taken, 'what it began with is not late')
  taken.kill('SIGKILL')
  assert.equal(other.early.take({ ...other.program, memory: 1024 }), undefined)
})

test('what Node.js reads as it starts holds, also where the author says it', LIMIT, async (t) => {
  const spec = { env: { NODE_OPTIONS: '--title=chosen' } }
  const { plane } = await startContainer(t, { files: TITLED, function: 'title', spec })
  assert.equal(resultOf(await plane.call('ca-1', [])), 'chosen')
})

test(
  'the author’s code runs in the process that began early, and knows what came late',
  ON_LINUX,
  async (t) => {
    const spec = { env: { GREETING: 'hello' } }
    const { plane } = await startContainer(t, { files: GREETED, function: 'greetings', spec })
    assert.deepEqual(resultOf(await plane.call('ca-1', [])), ['hello', false])
  },
)

test('a container starts also where it is not told how much memory it has', LIMIT, async (t) => {
  const { plane } = await startContainer(t, {
    bundle: 'plain.mjs',
    function: 'showsEnvironment',
    knowsMemory: false,
  })
  assert.ok(resultOf(await plane.call('ca-1', [])))
})
