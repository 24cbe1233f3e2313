import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { CallView, ContainerView } from '../../protocol/api.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'
import { type Visit, WebLoad } from './web-load.ts'

const MOST = 3
const AT_ONCE = 4

/** Each function says which process answered, and the most that this process has had to do at once. */
const preamble = (app: string) => `
import { setTimeout as pause } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('${app}')
export default app

let running = 0
let most = 0
async function busy(ms: number) {
  running += 1
  most = Math.max(most, running)
  await pause(ms)
  running -= 1
  return { process: process.pid, most }
}
`

interface Answer {
  process: number
  most: number
}

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

describe('containers come and go with the work', { concurrency: 2, timeout: 120_000 }, () => {
  test('of calls: from none to as many as are allowed, never more, and back to none', async () => {
    await deploy(
      'calls',
      `export const work = app.function({ maxContainers: ${MOST}, scaledownWindow: '1s' }, busy)`,
    )
    assert.equal((await containers('calls')).length, 0)
    const answers = await watch('calls', MOST, () => callAll('calls', 40, 100))
    assert.equal(new Set(answers.map(({ process }) => process)).size, MOST)
    assert.ok(answers.every(({ most }) => most === 1))
    await until('the containers to be gone', async () => (await containers('calls')).length === 0)

    assert.equal((await callAll('calls', 1, 0)).length, 1)
    await until('the container to be gone', async () => (await containers('calls')).length === 0)
  })

  test('of calls and of requests while new versions go live: never more than allowed at any time', async () => {
    const functions = (mark: number) => {
      const settings = `{ env: { MARK: '${mark}' }, concurrency: 2, minContainers: 2, maxContainers: ${MOST} }`
      return `export const work = app.function(${settings}, busy)
      export const page = app.web(${settings}, async () => Response.json(await busy(100)))`
    }
    await deploy('both', functions(0))
    const visit = (): Visit => ({ path: '/', isRight: () => true })
    await using load = new WebLoad(installation, 'both-page', [visit])
    load.begin({ keptAlive: 4, fresh: 4 })
    await watch('both', MOST, async () => {
      const calls = callAll('both', 60, 100)
      for (const mark of [1, 2, 3]) await deploy('both', functions(mark))
      await calls
      await load.end()
    })
    assert.ok(load.visited.every(({ fault }) => fault === undefined))
  })

  test('of calls that share a container: as many at once as its concurrency, never more', async () => {
    const settings = `{ concurrency: ${AT_ONCE}, maxContainers: 1, scaledownWindow: '1s' }`
    await deploy('shared', `export const work = app.function(${settings}, busy)`)
    const answers = await watch('shared', 1, () => callAll('shared', 20, 100))
    assert.equal(Math.max(...answers.map(({ most }) => most)), AT_ONCE)
    assert.equal(new Set(answers.map(({ process }) => process)).size, 1)
  })

  test('of web requests: from none to as many as are allowed, never more, and back to none', async () => {
    const settings = `{ concurrency: ${AT_ONCE}, maxContainers: ${MOST}, scaledownWindow: '1s' }`
    await deploy(
      'pages',
      `export const work = app.web(${settings}, async () => Response.json(await busy(100)))`,
    )
    const answers: Answer[] = []
    const visit = (): Visit => ({ path: '/', isRight: ({ body }) => answers.push(JSON.parse(body)) > 0 })
    await using load = new WebLoad(installation, 'pages-work', [visit])
    await watch('pages', MOST, async () => {
      load.begin({ keptAlive: AT_ONCE * MOST, fresh: AT_ONCE })
      await until('all containers to have answered', () => {
        return new Set(answers.map(({ process }) => process)).size === MOST
      })
      await load.end()
    })
    assert.deepEqual(
      load.visited.filter(({ fault }) => fault !== undefined),
      [],
    )
    assert.equal(Math.max(...answers.map(({ most }) => most)), AT_ONCE)
    await until('the containers to be gone', async () => (await containers('pages')).length === 0)
  })

  test('a request to a function without containers waits for one, however slowly it starts', async () => {
    const settings = `{ concurrency: ${AT_ONCE}, scaledownWindow: '1s' }`
    await deploy(
      'cold',
      `if (process.env.SLUICE_FUNCTION) await pause(1_500)
      export const work = app.web(${settings}, async () => Response.json(await busy(0)))`,
    )
    for (const visitors of [1, 2 * AT_ONCE]) {
      const answers = await watch('cold', Math.ceil(visitors / AT_ONCE), () =>
        Promise.all(Array.from({ length: visitors }, () => installation.web('cold-work'))),
      )
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
      await until('the containers to be gone', async () => (await containers('cold')).length === 0)
    }
  })

  test('a container that is at work for longer than its window is not idle', async () => {
    await deploy(
      'long',
      `export const work = app.function({ scaledownWindow: '1s' }, busy)
      export const page = app.web({ scaledownWindow: '1s' }, async () => Response.json(await busy(3_000)))`,
    )
    const [, { status }] = await Promise.all([
      staysWhile('work', () => callAll('long', 1, 3_000)),
      staysWhile('page', () => installation.web('long-page')),
    ])
    assert.equal(status, 200)
    await until('the containers to be gone', async () => (await containers('long')).length === 0)
  })
})

async function deploy(app: string, functions: string): Promise<void> {
  await folder.write(`${app}.ts`, preamble(app) + functions)
  await installation.run('deploy', join(folder.path, `${app}.ts`))
}

async function callAll(app: string, count: number, ms: number): Promise<Answer[]> {
  const path = `/v1/apps/${app}/functions/work/calls`
  const calls = await Promise.all(
    Array.from({ length: count }, () => installation.api('POST', path, { args: [ms], wait: 25 })),
  )
  return calls.map(({ body }) => {
    const { status, result }: CallView = body
    assert.equal(status, 'succeeded')
    return result as Answer
  })
}

/** Does the work, and sees to it that each function has all its allowed containers at some time, and never one more. */
async function watch<Result>(app: string, max: number, work: () => Promise<Result>): Promise<Result> {
  let isOver = false
  const peaks = new Map<string, number>()
  const result = work().finally(() => (isOver = true))
  await until('the end of the work', async () => {
    const active = (await containers(app)).filter(({ state }) => state === 'starting' || state === 'ready')
    for (const [name, { length }] of Map.groupBy(active, (container) => container.function)) {
      assert.ok(length <= max, `${length} containers of ${name}`)
      peaks.set(name, Math.max(peaks.get(name) ?? 0, length))
    }
    return isOver
  })
  assert.deepEqual(new Set(peaks.values()), new Set([max]))
  return result
}

/** Does the work, and sees to it that no container of the function is let go before its end. */
async function staysWhile<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  let isOver = false
  const result = work().finally(() => (isOver = true))
  await until('the end of the work', async () => {
    const own = (await containers('long')).filter((container) => container.function === name)
    assert.ok(isOver || own.every(({ state }) => state !== 'draining'))
    return isOver
  })
  return result
}

async function containers(app: string): Promise<ContainerView[]> {
  return (await installation.api('GET', `/v1/apps/${app}/containers`)).body.items
}
