import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { AppFolder } from '../e2e/app-folder.ts'
import { Installation } from '../e2e/installation.ts'
import { until } from '../e2e/reached.ts'

const source = (folder: string) => `
import { appendFileSync, existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('mortal')
export const site = app.web({ minContainers: 1 }, async (request) => {
  const name = new URL(request.url).pathname.slice(1)
  if (name === '') return new Response('fine')
  appendFileSync('${folder}/' + name, process.pid + ' ' + process.ppid + '\\n')
  while (!existsSync('${folder}/' + name + '.open')) await sleep(20)
  return new Response('slow, but fine')
})
export const doomed = app.function(() => process.kill(process.pid, 'SIGKILL'))
export const dooming = app.function(() => process.kill(process.ppid, 'SIGKILL'))
export default app
`

const BROKE =
  /The connection to the container of site broke before it answered; it may have acted on the request\. `sluice app logs mortal` may say why\./

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create()
  await folder.write('app.ts', source(folder.path))
  await installation.run('deploy', folder.entry)
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

for (const victim of ['author', 'runner'] as const) {
  test(`a web request whose ${victim}’s process is killed is told what may have become of it, and the next one is served`, async () => {
    const answer = installation.web('mortal-site', `/${victim}`, { method: 'POST' })
    process.kill((await untilBegun(victim))[victim], 'SIGKILL')
    const { status, body } = await answer
    assert.equal(status, 502)
    assert.match(JSON.parse(body).detail, BROKE)
    await until('the site to serve again', async () => (await installation.web('mortal-site')).status === 200)
  })
}

test('a call under which process after process dies is given up, once, and says how the last one died', async () => {
  for (const [name, how] of [
    ['doomed', "The function's process was killed from outside (SIGKILL)."],
    ['dooming', 'The container that ran it was killed (SIGKILL).'],
  ] as const) {
    const { code, stderr } = await installation.cli('call', `mortal.${name}`)
    assert.equal(code, 1)
    assert.ok(stderr.includes(`Its container died 8 times while it ran. The last time: ${how}`), stderr)
    assert.match(stderr, /Its log: sluice app logs mortal --call ca-/)
    const { items } = (await installation.api('GET', `/v1/apps/mortal/calls?function=${name}`)).body
    assert.deepEqual(
      items.map(({ status, attempts }: { status: string; attempts: number }) => [status, attempts]),
      [['failed', 8]],
    )
  }
})

interface Begun {
  author: number
  runner: number
}

/** The processes in which the request of that name has begun. */
async function untilBegun(name: string): Promise<Begun> {
  let line = ''
  await until('the request to begin', async () => {
    line = await readFile(join(folder.path, name), 'utf8').catch(() => '')
    return line.endsWith('\n')
  })
  const [author = 0, runner = 0] = line.split(' ').map(Number)
  return { author, runner }
}
