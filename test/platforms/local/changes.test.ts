import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, test } from 'node:test'
import { LocalChanges } from '../../../platforms/local/changes.ts'
import { watchChanges } from '../../../platforms/local/store/changes.ts'
import { openStore } from '../../../platforms/local/store/store.ts'
import { call, draft, KEY, live, ready } from '../../contract/store-records.ts'
import { VirtualTime } from './virtual-time.ts'

const LONG_MS = 15_000
const STEP = { step: 'prepare', state: 'done', at: '2026-01-01T00:00:00Z' } as const

let time: VirtualTime
let changes: LocalChanges
let say: ((env: string, app: string) => void) | undefined
beforeEach(() => {
  say = undefined
  time = new VirtualTime('2026-01-01T00:00:00Z')
  const watch = (onChange: (env: string, app: string) => void) => {
    say = onChange
    return () => {
      say = undefined
    }
  }
  changes = new LocalChanges(watch, { clock: time, timers: time })
})

test('whoever listens is told at once, once for many changes, and then no more than four times a second', async () => {
  const listening = changes.listen('main')
  const told: (string[] | undefined)[] = []
  const listen = async () => {
    for (let apps = await listening.next(LONG_MS); apps; apps = await listening.next(LONG_MS)) told.push(apps)
  }
  const ended = listen()
  for (const app of ['shop', 'shop', 'mail']) say?.('main', app)
  await time.advance(0)
  assert.deepEqual(told, [['shop', 'mail']])
  for (let passed = 0; passed < 1_000; passed += 50) {
    say?.('main', 'shop')
    await time.advance(50)
  }
  assert.equal(told.length, 5)
  listening.close()
  await ended
  assert.equal(time.timers, 0)
})

test('what changes while nobody waits is told at the next question', async () => {
  const listening = changes.listen('main')
  say?.('main', 'shop')
  const next = listening.next(LONG_MS)
  await time.advance(0)
  assert.deepEqual(await next, ['shop'])
})

test('an environment, or one app of it, is all that one is told of', async () => {
  const [all, one] = [changes.listen('main'), changes.listen('main', 'mail')]
  for (const [env, app] of ['main/shop', 'test/mail', 'main/mail'].map((name) => name.split('/')))
    say?.(env ?? '', app ?? '')
  const told = Promise.all([all.next(LONG_MS), one.next(LONG_MS)])
  await time.advance(0)
  assert.deepEqual(await told, [['shop', 'mail'], ['mail']])
})

test('where nothing changes one is told that, too', async () => {
  const next = changes.listen('main').next(LONG_MS)
  await time.advance(LONG_MS)
  assert.deepEqual(await next, [])
})

test('nothing is watched while nobody listens', () => {
  assert.equal(say, undefined)
  const [one, other] = [changes.listen('main'), changes.listen('test')]
  one.close()
  one.close()
  assert.ok(say, 'somebody still does')
  other.close()
  assert.equal(say, undefined)
})

test('the end of it ends every wait', async () => {
  const listening = changes.listen('main')
  const next = listening.next(LONG_MS)
  changes.close()
  assert.deepEqual([await next, await listening.next(LONG_MS)], [undefined, undefined])
  assert.equal(changes.listeners, 0)
})

test('one more than there is room for is refused, until another one has gone', () => {
  const first = changes.listen('main')
  for (let i = 1; i < 100; i++) changes.listen('main')
  assert.throws(() => changes.listen('main'), /Close some/)
  first.close()
  changes.listen('main')
})

test('every change that people see of an app is told, and a mere sign of life is not', async () => {
  const store = openStore(':memory:')
  let told = 0
  const unwatch = watchChanges(store.database, (env, app) => {
    assert.deepEqual({ env, app }, KEY)
    told++
  })
  const tells = async (what: string, change: () => Promise<unknown>) => {
    told = 0
    await change()
    assert.ok(told > 0, what)
  }
  await tells('a version', () => live(store, draft()))
  await tells('a step', () => store.recordStep(KEY, 1, STEP))
  await tells('a container', () => ready(store, 'a', 1))
  await tells('a request in flight', () => store.containerSeen('a', 1, 2))
  await tells('a call', () => store.acceptCall(call('ca-1', 1)))
  told = 0
  await store.containerSeen('a', 1, 3)
  assert.equal(told, 0, 'a sign of life')
  await tells('an end', () => store.containerStopped('a', 'exited', 4))
  unwatch()
  told = 0
  await store.acceptCall(call('ca-2', 1))
  assert.equal(told, 0, 'nobody listens')
  const again = watchChanges(store.database, () => told++)
  await tells('a change after somebody came back', () => store.acceptCall(call('ca-3', 1)))
  again()
  store.close()
})

test('who begins or ceases to listen while others write does so whatever becomes of that', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-changes-'))
  const store = openStore(join(folder, 'store.sqlite'))
  t.after(() => {
    store.close()
    rmSync(folder, { recursive: true })
  })
  const { connection } = store.database
  let told = 0
  const midway = async <Result>(act: () => Result): Promise<Result> => {
    const written = store.beginVersion(draft(), new Map())
    const result = act()
    // As SQLite does when the disk is full.
    if (connection.isTransaction) connection.exec('rollback')
    await written.catch(() => undefined)
    return result
  }
  const unwatch = await midway(() => watchChanges(store.database, () => told++))
  await store.beginVersion(draft(), new Map())
  assert.ok(told > 0)
  await midway(unwatch)
  watchChanges(store.database, () => undefined)()
})
