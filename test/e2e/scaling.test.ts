import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { ContainerView } from '../../protocol/api.ts'
import { AppFolder } from './app-folder.ts'
import { CallLoad } from './call-load.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'
import { type Visit, WebLoad } from './web-load.ts'

const MOST = 3
const AT_ONCE = 4
/** What only says that nothing goes on any more. */
const HUNG_MS = 100_000

/** Each function says which process answered and when, and the most that this process has had to do at once. */
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
  return { process: process.pid, most, at: Date.now() }
}
`

interface Answer {
  process: number
  most: number
  at: number
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

describe('containers come and go with the work', { concurrency: 2, timeout: 3 * HUNG_MS }, () => {
  test('of calls: from none to as many as are allowed, never more, and back to none', async () => {
    await deploy(
      'calls',
      `export const work = app.function({ maxContainers: ${MOST}, scaledownWindow: '1s' }, busy)`,
    )
    assert.equal((await containers('calls')).length, 0)
    await using load = callsOf('calls')
    await watch('calls', MOST, async (atPeak) => {
      load.begin({ waiting: 4 * MOST, spawning: 0 })
      await until('all containers to have answered', () => processesIn(answersTo(load)).size >= MOST)
      await atPeak()
      await load.end()
    })
    assert.deepEqual(load.refused, [])
    assert.ok(answersTo(load).every(({ most }) => most === 1))
    await until('the containers to be gone', async () => (await containers('calls')).length === 0)

    await installation.run('call', 'calls.work', '0')
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
    await using visits = new WebLoad(installation, 'both-page', [visit])
    await using calls = callsOf('both')
    await watch('both', MOST, async (atPeak) => {
      visits.begin({ keptAlive: 4, fresh: 4 })
      calls.begin({ waiting: 4 * MOST, spawning: 0 })
      for (const mark of [1, 2, 3]) await deploy('both', functions(mark))
      await atPeak()
      await Promise.all([visits.end(), calls.end()])
    })
    assert.ok(visits.visited.every(({ fault }) => fault === undefined))
    assert.deepEqual(calls.refused, [])
    assert.ok(calls.called.every(({ view }) => view.status === 'succeeded'))
  })

  test('of calls that share a container: as many at once as its concurrency, never more', async () => {
    const settings = `{ concurrency: ${AT_ONCE}, maxContainers: 1 }`
    await deploy('shared', `export const work = app.function(${settings}, busy)`)
    await using load = callsOf('shared')
    await watch('shared', 1, async () => {
      load.begin({ waiting: 3 * AT_ONCE, spawning: 0 })
      await until('as many at once', () => mostOf(answersTo(load)) >= AT_ONCE)
      await load.end()
    })
    assert.equal(mostOf(answersTo(load)), AT_ONCE)
    assert.equal(processesIn(answersTo(load)).size, 1)
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
    await watch('pages', MOST, async (atPeak) => {
      load.begin({ keptAlive: AT_ONCE * MOST, fresh: AT_ONCE })
      await until('all containers to have answered, one with all that it can do at once', () => {
        return processesIn(answers).size >= MOST && mostOf(answers) >= AT_ONCE
      })
      await atPeak()
      await load.end()
    })
    assert.deepEqual(
      load.visited.filter(({ fault }) => fault !== undefined),
      [],
    )
    assert.equal(mostOf(answers), AT_ONCE)
    await until('the containers to be gone', async () => (await containers('pages')).length === 0)
  })

  test('a request to a function without containers waits for one, however slowly it starts', async () => {
    const settings = `{ concurrency: ${AT_ONCE}, scaledownWindow: '1s' }`
    const gate = join(folder.path, 'gate')
    await deploy(
      'cold',
      `import { existsSync } from 'node:fs'
      while (process.env.SLUICE_FUNCTION && !existsSync('${gate}')) await pause(20)
      export const work = app.web(${settings}, async () => Response.json(await busy(0)))`,
    )
    for (const visitors of [1, 2 * AT_ONCE]) {
      const answers = await watch('cold', Math.ceil(visitors / AT_ONCE), async (atPeak) => {
        const asked = Promise.all(Array.from({ length: visitors }, () => installation.web('cold-work')))
        await atPeak()
        await folder.write('gate', '')
        return asked
      })
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
      await until('the containers to be gone', async () => (await containers('cold')).length === 0)
      await rm(gate)
    }
  })

  test('a container that is at work for longer than its window is not idle', async () => {
    await deploy(
      'long',
      `export const work = app.function({ scaledownWindow: '4s' }, busy)
      export const page = app.web({ scaledownWindow: '4s' }, async () => Response.json(await busy(6_000)))`,
    )
    const [workLetGoAt, pageLetGoAt, call, { status, body }] = await Promise.all([
      untilLetGo('work'),
      untilLetGo('page'),
      installation.json('call', 'long.work', '6000'),
      installation.web('long-page'),
    ])
    assert.ok(workLetGoAt >= call.result.at)
    assert.equal(status, 200)
    assert.ok(pageLetGoAt >= JSON.parse(body).at)
    await until('the containers to be gone', async () => (await containers('long')).length === 0)
  })
})

async function deploy(app: string, functions: string): Promise<void> {
  await folder.write(`${app}.ts`, preamble(app) + functions)
  await installation.run('deploy', join(folder.path, `${app}.ts`))
}

/** Callers of the app's `work`, which is busy for a moment each time. */
const callsOf = (app: string) => new CallLoad(installation, { app, function: 'work', args: () => [100] })

function answersTo({ called }: CallLoad): Answer[] {
  return called.map(({ view: { status, result } }) => {
    assert.equal(status, 'succeeded')
    return result as Answer
  })
}

const processesIn = (answers: Answer[]) => new Set(answers.map(({ process }) => process))
const mostOf = (answers: Answer[]) => Math.max(0, ...answers.map(({ most }) => most))

/**
 * Does the work, and sees to it that each function has all its allowed containers at some time, and never one more.
 * @param work is given what to wait with for that time: its end must not come before
 */
async function watch<Result>(
  app: string,
  max: number,
  work: (atPeak: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  let isOver = false
  const peaks = new Map<string, number>()
  const isAtPeak = () => peaks.size > 0 && [...peaks.values()].every((peak) => peak === max)
  const look = async () => {
    const active = (await containers(app)).filter(({ state }) => state === 'starting' || state === 'ready')
    for (const [name, { length }] of Map.groupBy(active, (container) => container.function)) {
      assert.ok(length <= max, `${length} containers of ${name}`)
      peaks.set(name, Math.max(peaks.get(name) ?? 0, length))
    }
    return isOver
  }
  const atPeak = () => until(`${max} containers`, isAtPeak)
  const [result] = await Promise.all([
    work(atPeak).finally(() => (isOver = true)),
    until('the end of the work', look, HUNG_MS),
  ])
  assert.ok(isAtPeak(), JSON.stringify([...peaks]))
  return result
}

/** When the function's container is seen to be let go, or gone: no sooner than it was. */
async function untilLetGo(name: string): Promise<number> {
  const own = async () => (await containers('long')).filter((container) => container.function === name)
  await until(`a container of ${name}`, async () => (await own()).length > 0)
  await until('it to be let go', async () => (await own()).every(({ state }) => state === 'draining'))
  return Date.now()
}

async function containers(app: string): Promise<ContainerView[]> {
  return (await installation.api('GET', `/v1/apps/${app}/containers`)).body.items
}
