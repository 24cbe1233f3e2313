import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Action } from '../../control/action.ts'
import { checkOf } from '../../control/gate.ts'
import type { ContainerFailure, Version } from '../../control/model.ts'
import { plan } from '../../control/plan.ts'
import { turnOf } from '../../control/turn.ts'
import { container, inShort, NOW, observe, rolling, staged, version } from './observations.ts'

const short = (given: Parameters<typeof observe>[0]): string[] => inShort(plan(observe(given)).actions)
const crash: ContainerFailure = { kind: 'start', message: 'It crashed.', logs: ['last words'] }

describe('a rollout', () => {
  test('with no warm pool and nothing serving is live at once', () => {
    const actions = short({ rolling: [rolling(1, { work: { kind: 'plain' } })] })
    assert.equal(actions[0], 'cutOver v1')
  })

  test('starts replacements for the warm pool and for the web containers that serve, and waits', () => {
    const functions = { work: { kind: 'plain', minContainers: 2 }, page: { kind: 'web' } } as const
    const serving = container(1, 'page', { requests: 1 })
    const warm = [container(1, 'work'), container(1, 'work')]
    const actions = short({
      live: version(1, functions),
      rolling: [rolling(2, functions)],
      containers: [serving, ...warm],
    })
    assert.deepEqual(actions, [
      'start work v2',
      'start work v2',
      'start page v2',
      `point page → ${serving.id}`,
    ])
  })

  test('also waits for the replacement of a web container that is not ready itself, as requests wait for it', () => {
    const functions = { page: { kind: 'web' } } as const
    const actions = short({
      live: version(1, functions),
      rolling: [rolling(2, functions)],
      containers: [container(1, 'page', { state: 'starting' })],
    })
    assert.deepEqual(actions, ['start page v2', 'point page →'])
  })

  test('replaces what a function has at work before it goes live, so that no call waits for a start', () => {
    const functions = { work: { kind: 'plain', maxContainers: 20 } } as const
    const idle = [container(1, 'work'), container(1, 'work')]
    const given = {
      live: version(1, functions),
      rolling: [rolling(2, functions)],
      containers: [container(1, 'work', { running: 1 }), container(1, 'work', { running: 1 }), ...idle],
      demand: [{ function: 'work', pending: 1, running: 2, waiting: 0 }],
    }
    assert.deepEqual(short(given), ['start work v2', 'start work v2', 'start work v2'])
    assert.deepEqual(short({ ...given, demand: [], containers: idle }), ['start work v2'])
  })

  test('asks for no more replacements while the first ones start, however busy the old ones become', () => {
    const functions = { work: { kind: 'plain', maxContainers: 20 } } as const
    const busy = Array.from({ length: 4 }, () => container(1, 'work', { running: 1 }))
    const given = { live: version(1, functions), rolling: [rolling(2, functions)] }
    const starting = container(2, 'work', { state: 'starting' })
    assert.deepEqual(short({ ...given, containers: [...busy, starting] }), [])
    const [first] = short({ ...given, containers: [...busy, container(2, 'work')] })
    assert.equal(first, 'cutOver v2')
  })

  test('has no old container leave before its time to make room for a replacement that calls can wait for', () => {
    const functions = { work: { kind: 'plain', maxContainers: 1 } } as const
    const busy = container(1, 'work', { running: 1 })
    const [first] = short({
      live: version(1, functions),
      rolling: [rolling(2, functions)],
      containers: [busy],
    })
    assert.equal(first, 'cutOver v2')
  })

  test('cuts over, then points requests at the new containers, then lets the old ones go: in this order', () => {
    const functions = { page: { kind: 'web', minContainers: 1 } } as const
    const [old, fresh] = [container(1, 'page'), container(2, 'page')]
    const actions = short({
      live: version(1, functions),
      rolling: [rolling(2, functions)],
      containers: [old, fresh],
    })
    const order = ['cutOver v2', `point page → ${fresh.id}`, `drain ${old.id}`]
    assert.deepEqual(
      actions.filter((action) => order.includes(action)),
      order,
    )
  })

  test('gives up versions that a newer one has overtaken', () => {
    const functions = { work: { kind: 'plain' } } as const
    const actions = short({ rolling: [rolling(1, functions), rolling(2, functions), rolling(3, functions)] })
    assert.deepEqual(actions.slice(0, 3), ['supersede v1', 'supersede v2', 'cutOver v3'])
  })

  test('whose containers crash again and again fails with their last words, and the old version serves on', () => {
    const functions = { page: { kind: 'web', minContainers: 1 } } as const
    const old = container(1, 'page')
    const dead = container(2, 'page', { state: 'stopped', failure: crash, stoppedAt: NOW })
    const { actions } = plan(
      observe({
        live: version(1, functions),
        rolling: [rolling(2, functions)],
        containers: [old],
        failed: [dead, dead, dead],
      }),
    )
    const [failed] = actions
    assert.ok(failed?.do === 'fail')
    assert.deepEqual(failed.error, {
      code: 'crashed',
      message: 'page could not start: It crashed.',
      logs: ['last words'],
    })
    assert.ok(inShort(actions).includes(`point page → ${old.id}`))
  })

  test('does not go live because what it was started for has gone', () => {
    const functions = { page: { kind: 'web' } } as const
    const dead = container(2, 'page', { state: 'stopped', failure: crash, stoppedAt: NOW })
    const actions = short({ live: version(1, functions), rolling: [rolling(2, functions)], failed: [dead] })
    assert.ok(!actions.includes('cutOver v2'), actions.join(', '))
  })

  test('does not go live while a start that was begun is not to be seen, though what it was for has gone', () => {
    const functions = { work: { kind: 'plain', maxContainers: 1 }, page: { kind: 'web' } } as const
    const begun = { step: 'start', state: 'running', at: new Date(NOW).toISOString() } as const
    const given = { live: version(1, functions), rolling: [{ ...rolling(2, functions), steps: [begun] }] }
    const actions = short({ ...given, containers: [container(1, 'work')] })
    assert.deepEqual(actions, ['start page v2', 'point page →'])
  })

  test('with no place to spare has one old container leave, and no more', () => {
    const functions = { work: { kind: 'plain', minContainers: 2, maxContainers: 2 } } as const
    const [busy, idle] = [container(1, 'work', { running: 1 }), container(1, 'work')]
    const actions = short({
      live: version(1, functions),
      rolling: [rolling(2, functions)],
      containers: [busy, idle],
    })
    assert.deepEqual(actions, [`drain ${idle.id}`])
  })

  test('does not go live before what it made leave is replaced, nor does one that overtakes it', () => {
    const functions = { page: { kind: 'web', maxContainers: 1 } } as const
    const live = version(1, functions)
    const old = container(1, 'page')
    const first = plan(observe({ live, rolling: [rolling(2, functions)], containers: [old] })).actions
    const noted = first.findIndex((action) => action.do === 'step' && action.step === 'drain')
    assert.ok(noted >= 0 && noted < first.findIndex((action) => action.do === 'drain'))

    const steps = [{ step: 'drain', state: 'running', at: new Date(NOW).toISOString() }] as const
    const overtaken = rolling(2, functions, { steps: [...steps] })
    assert.deepEqual(short({ live, rolling: [overtaken] }), ['start page v2', 'point page →'])
    const overtaking = plan(observe({ live, rolling: [overtaken, rolling(3, functions)] })).actions
    assert.deepEqual(inShort(overtaking), ['supersede v2', 'start page v3', 'point page →'])
    assert.deepEqual(overtaking[0], { do: 'step', version: 3, step: 'drain', state: 'running' })
  })

  test('that recreates starts nothing before the old containers are gone', () => {
    const functions = { work: { kind: 'plain', minContainers: 1 } } as const
    const old = container(1, 'work')
    const recreating = rolling(2, functions, { strategy: 'recreate' })
    const world = { live: version(1, functions), rolling: [recreating] }
    assert.deepEqual(short({ ...world, containers: [old] }), [`drain ${old.id}`])
    const draining = { ...old, state: 'draining', drainDeadline: NOW + 1000 } as const
    assert.deepEqual(short({ ...world, containers: [draining] }), [])
    assert.deepEqual(short(world), ['start work v2'])
  })
})

describe('a check', () => {
  const functions = { page: { kind: 'web', check: '/healthz' }, work: { kind: 'plain' } } as const

  test('has a container started for it where none is kept warm, and holds the cutover until that is ready', () => {
    assert.deepEqual(short({ rolling: [rolling(1, functions)] }), ['start page v1'])
    const own = container(1, 'page')
    const starting = { ...own, state: 'starting' } as const
    assert.deepEqual(short({ rolling: [rolling(1, functions)], containers: [starting] }), [])
    const { actions } = plan(observe({ rolling: [rolling(1, functions)], containers: [own] }))
    const order = actions.map((action) =>
      action.do === 'step' ? `${action.step} ${action.state}` : action.do,
    )
    assert.deepEqual(order.slice(0, 4), ['start done', 'check done', 'ready done', 'cutOver'])
  })

  test('that one container fails ends the rollout at once, and the old version serves on', () => {
    const old = container(1, 'page')
    const failure: ContainerFailure = {
      kind: 'check',
      message: 'GET /healthz answered 500',
      logs: ['no database'],
    }
    const unfit = container(2, 'page', { state: 'stopped', failure, stoppedAt: NOW })
    const world = { live: version(1, functions), rolling: [rolling(2, functions)], containers: [old] }
    const { actions } = plan(observe({ ...world, failed: [unfit] }))
    const fail = actions.find((action) => action.do === 'fail')
    assert.deepEqual(fail?.error, {
      code: 'check_failed',
      message: 'page did not pass its check: GET /healthz answered 500',
      logs: ['no database'],
    })
    assert.ok(inShort(actions).includes(`point page → ${old.id}`))
  })

  test('of the app is of each web function where it is a path, else of the function that it names', () => {
    const of = (check: string, name: string) =>
      checkOf({ ...version(1, { ...functions, other: { kind: 'web' } }).manifest, check }, name)
    assert.deepEqual(of('/ok', 'other'), { path: '/ok' })
    assert.deepEqual(of('/ok', 'page'), { path: '/healthz' })
    assert.equal(of('/ok', 'work'), undefined)
    assert.deepEqual(of('work', 'work'), { call: 'work' })
    assert.equal(of('work', 'other'), undefined)
  })
})

describe('a version whose errors are watched', () => {
  const functions = { work: { kind: 'plain' } } as const
  const watched = (more: Partial<Version> = {}) => {
    const one = version(2, functions, { liveAt: NOW - 1_000, ...more })
    const rollback = { errorRate: 0.05, window: 60, minCalls: 20 }
    return { ...one, manifest: { ...one.manifest, rollback } }
  }
  const bad = { calls: 100, errors: 6 }
  const rollsBack = (given: Parameters<typeof observe>[0]) =>
    short(given).filter((one) => one.startsWith('rollBack'))

  test('is rolled back once more of its calls fail than may, and enough were made', () => {
    assert.deepEqual(rollsBack({ live: watched(), usage: bad }), ['rollBack v2'])
    assert.deepEqual(rollsBack({ live: watched(), usage: { calls: 100, errors: 5 } }), [])
    assert.deepEqual(rollsBack({ live: watched(), usage: { calls: 19, errors: 19 } }), [])
    const { actions } = plan(observe({ live: watched(), usage: bad }))
    const rollBack = actions.find((action) => action.do === 'rollBack')
    assert.equal(rollBack?.reason, '6 of 100 calls and requests failed (6 %), and 5 % may.')
  })

  test('is not once that is decided, nor while somebody deploys, nor where it is a rollback by itself', () => {
    const at = new Date(NOW).toISOString()
    const decided = watched({ steps: [{ step: 'gate', state: 'failed', at }] })
    assert.deepEqual(rollsBack({ live: decided, usage: bad }), [])
    assert.deepEqual(rollsBack({ live: watched({ automatic: true }), usage: bad }), [])
    const deploying = rolling(3, { work: { kind: 'plain', minContainers: 1 } })
    assert.deepEqual(rollsBack({ live: watched(), rolling: [deploying], usage: bad }), [])
    const itself = { ...deploying, automatic: true } as const
    assert.deepEqual(rollsBack({ live: watched(), rolling: [itself], usage: bad }), ['rollBack v2'])
  })

  test('is looked at again and again until the window and what is reported late are over, and then is good', () => {
    const good = { calls: 100, errors: 0 }
    assert.equal(plan(observe({ live: watched(), usage: good })).revisitAt, NOW + 15_000)
    const old = watched({ liveAt: NOW - 150_000 })
    const { actions, revisitAt } = plan(observe({ live: old, usage: good }))
    assert.deepEqual(actions.at(-1), { do: 'step', version: 2, step: 'gate', state: 'done' })
    assert.equal(revisitAt, undefined)
  })

  test('that was rolled back is told of', () => {
    const itself = rolling(3, functions, {
      automatic: true,
      replaced: 2,
      fromVersion: 1,
      deployedAt: NOW,
      reason: 'Why.',
    })
    const { actions } = plan(observe({ live: watched(), rolling: [itself], usage: bad }))
    const raised = actions.find((action) => action.do === 'raise')
    assert.equal(raised?.notice.id, 'rolled_back/main/shop/3')
    assert.equal(raised?.notice.message, 'v2 of shop is rolled back to v1, as v3. Why.')
  })
})

describe('scaling', () => {
  const work = { kind: 'plain', concurrency: 2, maxContainers: 3, scaledownWindow: 10 } as const
  const demand = (pending: number) => [{ function: 'work', pending, running: 0, waiting: 0 }]

  test('starts as many containers as the work needs, up to the limit', () => {
    const live = version(1, { work })
    assert.deepEqual(short({ live, demand: demand(3) }), ['start work v1', 'start work v1'])
    assert.equal(short({ live, demand: demand(100) }).length, 3)
  })

  test('lets a container go that was idle for its window, and comes back for the one that was not yet', () => {
    const [long, lately] = [
      container(1, 'work', { idleSince: NOW - 10_000 }),
      container(1, 'work', { idleSince: NOW - 4_000 }),
    ]
    const planned = plan(observe({ live: version(1, { work }), containers: [long, lately] }))
    assert.deepEqual(inShort(planned.actions), [`drain ${long.id}`])
    assert.equal(planned.revisitAt, NOW + 6_000)
  })

  test('keeps the warm pool however idle it is', () => {
    const idle = container(1, 'work', { idleSince: 0 })
    assert.deepEqual(
      short({ live: version(1, { work: { ...work, minContainers: 1 } }), containers: [idle] }),
      [],
    )
  })

  test('holds back starts that keep failing, and tells whoever waits why', () => {
    const dead = container(1, 'work', { state: 'stopped', failure: crash, stoppedAt: NOW - 10 })
    const planned = plan(
      observe({ live: version(1, { work }), demand: demand(1), failed: [dead, dead, dead] }),
    )
    const [told] = planned.actions as [Action & { do: 'failCalls' }]
    assert.equal(told.do, 'failCalls')
    assert.match(told.error.message, /It crashed\.[\s\S]*last words/)
    assert.ok((planned.revisitAt ?? 0) > NOW)
  })

  test('makes room for calls that are pinned to an older version', () => {
    const spec = { ...work, minContainers: 1, maxContainers: 1 } as const
    const current = container(2, 'work')
    const seen = observe({
      live: version(2, { work: spec }),
      containers: [current],
      demand: [{ function: 'work', pin: 1, pending: 1, running: 0, waiting: 0 }],
    })
    seen.specs.set(1, version(1, { work: spec }).manifest.functions)
    assert.deepEqual(inShort(plan(seen).actions), [`drain ${current.id}`])
  })
})

describe('an outdated container', () => {
  const functions = { work: { kind: 'plain', timeout: 60 } } as const

  test('drains, with its function’s timeout to finish in', () => {
    const seen = observe({ live: version(2, functions), containers: [container(1, 'work')] })
    seen.specs.set(1, version(1, functions).manifest.functions)
    const [drain] = plan(seen).actions as [Action & { do: 'drain' }]
    assert.equal(drain.do, 'drain')
    assert.ok(drain.deadline >= NOW + 60_000)
  })

  test('is killed only once its deadline has come', () => {
    const draining = (drainDeadline: number) => container(1, 'work', { state: 'draining', drainDeadline })
    const late = draining(NOW)
    assert.deepEqual(short({ live: version(2, functions), containers: [draining(NOW + 1)] }), [])
    assert.deepEqual(short({ live: version(2, functions), containers: [late] }), [`kill ${late.id}`])
  })

  test('stays for calls that are pinned to its version', () => {
    const demand = [{ function: 'work', pin: 1, pending: 0, running: 1, waiting: 0 }]
    const seen = observe({
      live: version(2, functions),
      containers: [container(1, 'work', { running: 1 })],
      demand,
    })
    seen.specs.set(1, version(1, functions).manifest.functions)
    assert.deepEqual(inShort(plan(seen).actions), [])
  })
})

describe('a staged version', () => {
  const page = { kind: 'web', minContainers: 1, maxContainers: 1 } as const
  const asked = [{ function: 'page', pin: 2, pending: 0, running: 0, waiting: 1 }]

  test('gets its addresses, and no container before somebody asks for it', () => {
    const [old, seen] = [container(1, 'page'), { live: version(1, { page }), staged: [staged(2, { page })] }]
    assert.deepEqual(short({ ...seen, containers: [old] }), [`point page → ${old.id}`, 'point page →'])
    const { actions } = plan(observe({ ...seen, containers: [old] }))
    const point = actions.findLast((action) => action.do === 'point')
    assert.deepEqual(point?.endpoint.staged, { alias: 'shop-page' })
    assert.deepEqual(actions.at(-1), { do: 'step', version: 2, step: 'prepare', state: 'done' })
  })

  test('that is staged no more is given nothing, and no place of the live one, though requests still wait for it', () => {
    const seen = observe({ live: version(3, { page }), containers: [container(3, 'page')], demand: asked })
    seen.specs.set(2, staged(2, { page }).manifest.functions)
    const changes = plan(seen).actions.filter(({ do: what }) => what === 'start' || what === 'drain')
    assert.deepEqual(changes, [])
  })

  test('is given a container beside those of the live one, whatever maxContainers leaves', () => {
    const old = container(1, 'page')
    const seen = { live: version(1, { page }), staged: [staged(2, { page })], demand: asked }
    assert.ok(short({ ...seen, containers: [old] }).includes('start page v2'))
    const own = container(2, 'page', { apart: true })
    const both = short({ ...seen, containers: [old, own], demand: [] })
    assert.deepEqual(both, [`point page → ${old.id}`, `point page → ${own.id}`])
  })

  test('keeps its containers while a newer version rolls out, also by recreating, and does not hold that up', () => {
    const own = container(2, 'page', { apart: true })
    const fresh = container(3, 'page')
    const recreating = rolling(3, { page }, { strategy: 'recreate' })
    const actions = short({
      live: version(1, { page }),
      staged: [staged(2, { page })],
      rolling: [recreating],
      containers: [own, fresh],
    })
    assert.ok(actions.includes('cutOver v3') && !actions.includes(`drain ${own.id}`), actions.join(', '))
  })

  test('ends once the version that it was promoted to is live, and its containers drain', () => {
    const live = version(3, { page }, { origin: 'promote', fromVersion: 2 })
    const old = staged(2, { page })
    const own = container(2, 'page', { apart: true })
    const now = short({ live, staged: [old], containers: [container(3, 'page'), own] })
    assert.equal(now.at(-1), 'supersede v2')
    const seen = observe({ live, containers: [container(3, 'page'), own] })
    seen.specs.set(2, old.manifest.functions)
    assert.ok(inShort(plan(seen).actions).includes(`drain ${own.id}`))
  })

  test('before anything is live keeps its address and its calls, and what else waits is cancelled', () => {
    const demand = [
      { function: 'work', pin: 1, pending: 1, running: 0, waiting: 0 },
      { function: 'work', pending: 1, running: 0, waiting: 0 },
    ]
    const functions = { page, work: { kind: 'plain' } } as const
    const { actions } = plan(observe({ staged: [staged(1, functions)], demand, app: { stagings: 1 } }))
    const cancelled = actions.filter((action) => action.do === 'cancelCalls')
    assert.deepEqual(
      cancelled.map(({ function: name, pin, through }) => [name, pin, through]),
      [['work', undefined, 1]],
    )
    const unroute = actions.find((action) => action.do === 'unroute')
    assert.deepEqual(unroute?.keepLabels, ['shop-page--v1'])
    // A stop before it may have been cut off.
    const schedule = actions.find((action) => action.do === 'schedule')
    assert.deepEqual(schedule?.entries, [])
  })

  test('is not pointed by what was planned before a stop, though it was the last version', () => {
    const before = turnOf(observe({ live: version(3, { page }) }))
    const stop = turnOf(observe({ app: { state: 'stopping', lastVersion: 3 } }))
    const after = turnOf(observe({ rolling: [rolling(4, { page })] }))
    assert.ok(before < stop && stop < after, [before, stop, after].join())
  })

  test('that nothing had to be started for is cut over only as long as that is so', () => {
    const untried = plan(observe({ rolling: [rolling(1, { work: { kind: 'plain' } })] }))
    assert.ok(untried.actions.some((action) => action.do === 'cutOver' && action.untried))
  })

  test('is pointed in a turn that goes up with each cutover and each staging, never down', () => {
    const turn = (given: Parameters<typeof observe>[0]) => turnOf(observe(given))
    const [one, two] = [staged(1, { page }), staged(2, { page })]
    const turns = [
      turn({ staged: [one], app: { stagings: 1 } }),
      turn({ staged: [one, two], app: { stagings: 2 } }),
      turn({ staged: [two], app: { stagings: 3, lastVersion: 2 } }),
      turn({ app: { stagings: 4, lastVersion: 2 } }),
      turn({ rolling: [rolling(3, { page })], app: { stagings: 4 } }),
      turn({ live: version(3, { page }), app: { stagings: 4 } }),
      turn({ live: version(3, { page }), staged: [staged(4, { page })], app: { stagings: 5 } }),
    ]
    assert.deepEqual(
      turns,
      turns.toSorted((a, b) => a - b),
    )
    assert.ok(
      turns.slice(0, 4).every((one, n) => turns.indexOf(one) === n),
      'each staging has a turn of its own',
    )
  })
})

test('a stopping app loses its addresses, schedules and waiting calls, drains, and is stopped when nothing is left', () => {
  const app = { state: 'stopping', stopDeadline: NOW + 1000 } as const
  const running = container(1, 'work')
  const demand = [{ function: 'work', pending: 1, running: 0, waiting: 0 }]
  assert.deepEqual(short({ app, containers: [running], demand }), [
    'tell',
    'unroute',
    'schedule',
    'cancelCalls',
    `drain ${running.id}`,
  ])
  assert.equal(short({ app }).at(-1), 'finishStop')
})

test('what a stop that was cut off had left goes, though a deploy came before it was done, and failed', () => {
  const left = short({ app: { lastVersion: 2 } })
  assert.deepEqual(left, ['unroute', 'schedule'])
  assert.deepEqual(short({ app: { lastVersion: 1 } }), [], 'before a first version there was nothing')
})

test('what comes late to an app that is stopped leaves nothing of it behind', () => {
  const app = { state: 'stopped' } as const
  const demand = [{ function: 'work', pending: 1, running: 0, waiting: 0 }]
  assert.deepEqual(short({ app, demand }), ['cancelCalls'])
  assert.deepEqual(short({ app }), ['finishStop'])
})
