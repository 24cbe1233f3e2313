import { execFileSync } from 'node:child_process'
import { AppFolder } from '../e2e/app-folder.ts'
import type { Installation } from '../e2e/installation.ts'
import { until } from '../e2e/reached.ts'
import type { Subject } from './views.ts'

/** What a page must show as text: markup, the end of a script, an address that is one, text written backwards, colours. */
export const BAIT = [
  '<img src=x onerror="globalThis.bitten=1">',
  '</script><script>globalThis.bitten=2</script>',
  'javascript:globalThis.bitten=3',
  '\u202Egnp.eman\u202C',
  '\u001b[31mred\u001b[0m',
  '" onmouseover="globalThis.bitten=4" x="',
].join(' ')
/** How much of it is found wherever it is shown. */
export const BAIT_TEXT = '<img src=x'
const LONG = 100_000

export const HOSTILE = 'hostile.App_1'
/** As legal a name as any, and one that every object answers to. */
const FUNCTION = 'constructor'

const SOURCE = `
import { App, Period } from 'sluice'
const app = new App('${HOSTILE}')
const bait = ${JSON.stringify(BAIT)}
export const echo = app.function({ name: '${FUNCTION}', env: { BAIT: bait } }, (text: string) => {
  console.log(text)
  console.error(text)
  return { [text]: text, url: 'javascript:globalThis.bitten=5' }
})
export const fail = app.function((text: string) => {
  throw Object.assign(new Error(text), { name: text, stack: text + '\\n    at ' + text })
})
export const long = app.function(() => {
  console.log('x'.repeat(${LONG}))
  return 'y'.repeat(${LONG})
})
export const tick = app.function({ schedule: Period({ days: 300 }) }, () => bait)
export const toString = app.web(() => new Response('hi'))
export default app
`
const BROKEN = `
import { App } from 'sluice'
const app = new App('${HOSTILE}')
export const echo = app.function({ name: '${FUNCTION}', minContainers: 1 }, (text: string) => text)
console.log(${JSON.stringify(BAIT)})
if (process.env.SLUICE_VERSION) throw new Error(${JSON.stringify(BAIT)})
export default app
`

/** Deploys an app whose every text that somebody may choose freely is bait, and has it do a bit of everything. */
export async function deployHostile(installation: Installation): Promise<Subject[]> {
  await using folder = await AppFolder.create({ 'app.ts': SOURCE })
  commitAsHostile(folder.path)
  await installation.run('deploy', folder.entry, '--tag', 'javascript.1')
  await rollOver(installation)
  const echoed = await call(installation, FUNCTION)
  const failed = await call(installation, 'fail')
  const long = await call(installation, 'long')
  await installation.api('POST', `/v1/apps/${HOSTILE}/schedules/tick/trigger`, { reason: BAIT })
  await installation.api('POST', `/v1/apps/${HOSTILE}/schedules/tick/pause`, { reason: BAIT })
  await folder.write('app.ts', BROKEN)
  await installation.cli('deploy', folder.entry)
  return [
    { app: HOSTILE, function: FUNCTION, call: echoed },
    { app: HOSTILE, function: 'fail', call: failed },
    { app: HOSTILE, function: 'toString', call: long },
  ]
}

async function rollOver(installation: Installation): Promise<void> {
  const asked = { reason: BAIT, client: BAIT.slice(0, 100) }
  const { status, body } = await installation.api('POST', `/v1/apps/${HOSTILE}/rollover`, asked)
  if (status !== 202) throw new Error(JSON.stringify(body))
  await until('the rollover to be live', async () => {
    const path = `/v1/apps/${HOSTILE}/versions/${body.version}`
    return (await installation.api('GET', path)).body.status === 'live'
  })
}

async function call(installation: Installation, name: string): Promise<string> {
  const path = `/v1/apps/${HOSTILE}/functions/${name}/calls`
  const { body } = await installation.api('POST', path, { args: [BAIT], wait: 25 })
  return body.id
}

function commitAsHostile(path: string): void {
  const author = BAIT.replace(/[<>]/g, '').slice(0, 200)
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', `user.name=${author}`, '-c', 'user.email=x@example.com', ...args], {
      cwd: path,
    })
  git('init', '--quiet', '--initial-branch', '<img-src=x-onerror=bitten()>')
  git('add', 'app.ts')
  git('commit', '--quiet', '--message', 'Bite')
}
