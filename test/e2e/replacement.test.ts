import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { ContainerView, VersionView } from '../../protocol/api.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'
import { type Visit, WebLoad } from './web-load.ts'

const SIZE = 2

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create()
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('a warm pool is cycled: its new containers are all ready before the first of the old ones drains', async () => {
  const source = (mark: string) => `
    import { App } from 'sluice'
    const app = new App('warm')
    export const greet = app.function({ minContainers: ${SIZE}, maxContainers: ${2 * SIZE} }, () => '${mark}')
    export default app
  `
  await deploy('warm', source('hello'))
  const old = await containers('warm')
  assert.deepEqual(
    old.map(({ version, state }) => [version, state]),
    Array(SIZE).fill([1, 'ready']),
  )

  await folder.write('warm.ts', source('good day'))
  let isOver = false
  const deployed = installation.run('deploy', join(folder.path, 'warm.ts')).finally(() => (isOver = true))
  await until('the end of the deploy', async () => {
    const seen = await containers('warm')
    const ready = (of: number) =>
      seen.filter(({ version, state }) => version === of && state === 'ready').length
    assert.ok(ready(1) === SIZE || ready(2) === SIZE, JSON.stringify(seen))
    return isOver
  })
  await deployed
  await until('the old containers to be gone', async () => (await containers('warm')).length === SIZE)

  const { liveAt = '' }: VersionView = (await installation.api('GET', '/v1/apps/warm/versions/2')).body
  const { items } = await installation.json('container', 'list', 'warm', '--all')
  for (const { version, readyAt, stoppedAt, reason } of items as ContainerView[]) {
    if (version === 2) assert.ok(readyAt && readyAt <= liveAt)
    else assert.ok(stoppedAt && stoppedAt >= liveAt && reason === 'v2 is live')
  }
  assert.equal(items.length, 2 * SIZE)
})

test('with a single container allowed, the old one leaves first, and requests wait for the new one', async () => {
  const source = (mark: string) => `
    import { setTimeout as pause } from 'node:timers/promises'
    import { App } from 'sluice'
    const app = new App('single')
    ${mark === 'broken' ? "if (process.env.SLUICE_FUNCTION) throw new Error('broken')" : ''}
    export const web = app.web({ maxContainers: 1 }, async () => {
      await pause(100)
      return new Response('${mark}')
    })
    export default app
  `
  await deploy('single', source('first'))
  await using load = new WebLoad(installation, 'single-web', [visit])
  load.begin({ keptAlive: 4, fresh: 4 })
  await until('the first answers', () => load.visited.length > 8)
  await deploy('single', source('second'))
  await until('v2 to answer', () => load.visited.at(-1)?.version === 2)
  await folder.write('single.ts', source('broken'))
  assert.equal((await installation.cli('deploy', join(folder.path, 'single.ts'))).code, 1)
  const { length } = load.visited
  await until('v2 to answer again', () => load.visited.length > length + 8)
  await load.end()
  assert.deepEqual(
    load.visited.filter(({ fault }) => fault !== undefined),
    [],
  )
  assert.equal(load.visited.at(-1)?.version, 2)
})

test('recreate starts nothing new before the last old container is gone, and requests wait for it', async () => {
  const source = (mark: string) => `
    import { setTimeout as pause } from 'node:timers/promises'
    import { App } from 'sluice'
    const app = new App('alone')
    export const web = app.web(async () => {
      await pause(100)
      return new Response('${mark}')
    })
    export default app
  `
  await deploy('alone', source('first'))
  await using load = new WebLoad(installation, 'alone-web', [visit])
  load.begin({ keptAlive: 2, fresh: 2 })
  await until('the first answers', () => load.visited.length > 4)
  const untilAnswered = (by: number) =>
    until(`v${by} to answer`, () => load.visited.some(({ version }) => version === by))
  await deploy('alone', source('second'), '--strategy', 'recreate')
  await untilAnswered(2)
  await installation.run('app', 'rollback', 'alone', '--strategy', 'recreate')
  await untilAnswered(3)
  await installation.run('app', 'rollover', 'alone', '--strategy', 'recreate')
  await untilAnswered(4)
  await load.end()
  assert.deepEqual(
    load.visited.filter(({ fault }) => fault !== undefined),
    [],
  )
  assert.deepEqual(new Set(load.visited.map(({ version }) => version)), new Set([1, 2, 3, 4]))

  const { items } = await installation.json('container', 'list', 'alone', '--all')
  const inTurn = (items as ContainerView[]).toSorted((a, b) => a.version - b.version)
  assert.deepEqual(
    inTurn.map(({ version }) => version),
    [1, 2, 3, 4],
  )
  inTurn.reduce((older, newer) => {
    assert.ok(older.stoppedAt && older.stoppedAt <= newer.startedAt, `v${newer.version} started too early`)
    return newer
  })
})

const visit = (): Visit => ({ path: '/', isRight: ({ body }) => body === 'first' || body === 'second' })

async function deploy(app: string, source: string, ...options: string[]): Promise<void> {
  await folder.write(`${app}.ts`, source)
  await installation.run('deploy', join(folder.path, `${app}.ts`), ...options)
}

async function containers(app: string): Promise<ContainerView[]> {
  return (await installation.api('GET', `/v1/apps/${app}/containers`)).body.items
}
