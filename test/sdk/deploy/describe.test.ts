import assert from 'node:assert/strict'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bundle } from '../../../sdk/deploy/bundle.ts'
import { describe } from '../../../sdk/deploy/describe.ts'
import { DeployFault } from '../../../sdk/deploy/fault.ts'
import { LoadingProcess } from '../../../sdk/deploy/loading-process.ts'
import { makeFolder } from '../folder.ts'

async function describeText(text: string) {
  using folder = makeFolder({ 'app.ts': `import { App, Cron, Period } from 'sluice'\n${text}` })
  const entry = join(folder.path, 'app.ts')
  try {
    await using loading = new LoadingProcess()
    return await describe(await bundle(entry), entry, loading)
  } catch (error) {
    if (!(error instanceof DeployFault)) throw error
    return { message: error.message, detail: error.detail?.replaceAll(folder.path, 'FOLDER') }
  }
}

async function faultOf(text: string) {
  const fault = await describeText(text)
  assert.ok('message' in fault, `${JSON.stringify(fault)} is no fault`)
  return fault
}

test('an app is described by name, settings and folders, in the order of its definition', async () => {
  const described = await describeText(`
    const app = new App('demo')
    export const zulu = app.web({ files: { '/assets': './public' }, minContainers: 1 }, () => new Response('hi'))
    export const alpha = app.function({ schedule: Period({ hours: 1 }), name: 'hourly' }, () => {})
    setInterval(() => {}, 1000)
    console.log('noise')
    export default app`)
  assert.deepEqual(described, {
    name: 'demo',
    functions: [
      { name: 'zulu', spec: { kind: 'web', minContainers: 1 }, folders: { '/assets': './public' } },
      {
        name: 'hourly',
        spec: { kind: 'scheduled', schedule: { type: 'period', seconds: 3600 } },
        folders: {},
      },
    ],
  })
})

test('a file that is no app is told what it lacks', async () => {
  const app = `const app = new App('demo')\n`
  const faults: [text: string, message: RegExp][] = [
    ['export const a = 1', /^app\.ts: The file has no app as its default export\./],
    [`${app}export default app`, /The app has no functions\./],
    [`${app}app.function(() => 1)\nexport default app`, /neither exported nor named/],
    [
      `${app}export const a = app.function(() => 1)\nexport const b = app.function({ name: 'a' }, () => 1)\nexport default app`,
      /Two functions are named "a"/,
    ],
  ]
  for (const [text, message] of faults) assert.match((await faultOf(text)).message, message)
})

test('a file that throws is shown with the author’s line and what it printed', async () => {
  const atOnce = await faultOf(
    `console.log('connecting')\nexport default open()\nfunction open() {\n  throw new RangeError('no database')\n}`,
  )
  assert.equal(atOnce.message, 'app.ts could not be loaded: RangeError: no database')
  assert.match(
    atOnce.detail ?? '',
    /^ {4}at open \(FOLDER\/app\.ts:5:9\)\n {4}at \S+ \(FOLDER\/app\.ts:3:16\)\n\nconnecting$/,
  )

  const later = await faultOf(
    `setTimeout(() => { throw new Error('later') })\nawait new Promise((done) => setTimeout(done, 5000))`,
  )
  assert.match(later.message, /Error: later/)
  assert.match((await faultOf(`throw 'a string'`)).message, /could not be loaded: a string/)
  assert.match((await faultOf(`null.app`)).message, /could not be loaded: TypeError: Cannot read/)
})

test('what the SDK refuses is told in a sentence, with the place that asked for it', async () => {
  const refusals: [text: string, message: string | RegExp][] = [
    [
      'app.function({ cpus: 1 }, () => 1)',
      'app.ts:3:22: app.function(…) has no option "cpus". Did you mean "cpu"?',
    ],
    ["app.function('name', () => 1)", 'app.ts:3:22: app.function(…) takes an object, and was given "name".'],
    ["app.function({ timeout: 'soon' }, () => 1)", /^app\.ts:3:22: timeout: "soon" is not a duration/],
    ["app.function({ schedule: '0 6 * * *' }, () => 1)", /^app\.ts:3:22: schedule: .*Cron\("0 6 \* \* \*"\)/],
    ["app.web({ files: './site' }, () => new Response())", /^app\.ts:3:22: files: .*'\/files': "\.\/site"/],
    ["Period('4h')", 'app.ts:3:18: Period(…) takes an object, and was given "4h".'],
    ["new App('')", "app.ts:3:18: An app needs a name, such as new App('podcast-search')."],
  ]
  for (const [text, expected] of refusals) {
    const { message, detail } = await faultOf(
      `const app = new App('demo')\nexport const a = ${text}\nexport default app`,
    )
    assert.equal(detail, undefined)
    if (typeof expected === 'string') assert.equal(message, expected)
    else assert.match(message, expected)
  }
})

test('a file that ends the process, or waits for nothing, is told so', async () => {
  assert.match(
    (await faultOf('process.exit(3)')).message,
    /ended the process while it was loaded \(exit code 3\)/,
  )
  assert.match((await faultOf('await new Promise(() => {})')).message, /waits at its top level/)
})

test('a file that never ends is told so once its time is up, with what it printed', async (t) => {
  using folder = makeFolder()
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const watcher = watch(folder.path)
  t.after(() => watcher.close())
  const begun = once(watcher, 'change')
  const fault = faultOf(`
    import { writeFileSync } from 'node:fs'
    console.log('still here')
    writeFileSync(${JSON.stringify(join(folder.path, 'begun'))}, '')
    for (;;) {}`)
  await begun
  t.mock.timers.tick(30_000)
  const { message, detail } = await fault
  assert.match(message, /was still loading after 30 s/)
  assert.equal(detail, 'still here')
})

test('a process that the file leaves behind does not hold up the deploy', { timeout: 20_000 }, async () => {
  const fault = await faultOf(`
    import { spawn } from 'node:child_process'
    const child = spawn('sleep', ['30'], { stdio: 'inherit', detached: true })
    console.log(child.pid)
    throw new Error('after all')`)
  process.kill(Number(fault.detail?.split('\n').at(-1)))
  assert.match(fault.message, /after all/)
})
