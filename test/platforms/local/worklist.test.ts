import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LocalWorklist } from '../../../platforms/local/worklist.ts'
import { type Run, worklistContract } from '../../contract/worklist.ts'
import { VirtualTime } from './virtual-time.ts'

const SHOP = { env: 'main', app: 'shop' }
const BLOG = { env: 'main', app: 'blog' }

function scene(run: Run) {
  const time = new VirtualTime('2026-01-01T00:00:00Z')
  const errors: unknown[] = []
  const options = { clock: time, timers: time, run, onError: (error: unknown) => errors.push(error) }
  return { time, errors, worklist: new LocalWorklist(options) }
}

worklistContract('LocalWorklist', async (run) => {
  const { time, worklist } = scene(run)
  const end = time.now() + 3_600_000
  return {
    worklist,
    now: () => time.now(),
    until: async (condition) => {
      while (!condition() && time.now() < end) await time.advance(100)
    },
    quiet: () => time.advance(60_000),
    close: () => worklist.close(),
  }
})

describe('LocalWorklist', () => {
  it('waits longer after each failure, up to half a minute, and anew after a success', async () => {
    const begun: number[] = []
    let fails = true
    const { time, errors, worklist } = scene(async () => {
      begun.push(time.now())
      if (fails) throw new Error('not now')
      return time.now() + 60_000
    })
    await worklist.add(SHOP)
    await time.advance(100_000)
    const waits = begun.map((at, index) => (at - (begun[index - 1] ?? at)) / 1_000)
    assert.deepEqual(waits, [0, 1, 2, 4, 8, 16, 30, 30])
    assert.equal(errors.length, begun.length)
    fails = false
    await worklist.add(SHOP)
    await time.advance(0)
    fails = true
    await time.advance(61_000)
    assert.equal(begun.at(-1), time.now())
  })

  it('does not run without end what names a time in the past, as by a clock that is behind', async () => {
    let runs = 0
    const { time, worklist } = scene(async () => {
      runs += 1
      return time.now() - 1_000
    })
    await worklist.add(SHOP)
    await time.advance(1_000)
    await worklist.idle()
    assert.ok(runs <= 11, `it ran ${runs} times within a second`)
    await worklist.close()
  })

  it('does not let a failing or slow app hold up another', async () => {
    const done: string[] = []
    const { time, worklist } = scene(async ({ app }) => {
      if (app === 'shop') return new Promise(() => {})
      done.push(app)
      return undefined
    })
    await worklist.add(SHOP)
    await worklist.add(BLOG)
    await time.advance(0)
    assert.deepEqual(done, ['blog'])
  })

  it('runs one timer for all apps', async () => {
    const { time, worklist } = scene(async () => undefined)
    for (let index = 0; index < 100; index++) {
      await worklist.add({ env: 'main', app: `app-${index}` }, time.now() + 1_000 + index)
    }
    assert.equal(time.timers, 1)
    await worklist.close()
    assert.equal(time.timers, 0)
  })

  it('is idle once nothing runs and nothing is due, whatever comes later', async () => {
    const finish: (() => void)[] = []
    const { time, worklist } = scene(async () => {
      await new Promise<void>((resolve) => finish.push(resolve))
      return time.now() + 60_000
    })
    await worklist.idle()
    await worklist.add(SHOP)
    let isIdle = false
    const idle = worklist.idle().then(() => {
      isIdle = true
    })
    await time.advance(0)
    assert.equal(isIdle, false)
    finish.pop()?.()
    await idle
  })

  it('closes once what runs has ended, and begins nothing more', async () => {
    const runs: string[] = []
    const finish: (() => void)[] = []
    const { time, worklist } = scene(async ({ app }) => {
      runs.push(app)
      await new Promise<void>((resolve) => finish.push(resolve))
      return time.now()
    })
    await worklist.add(SHOP)
    await time.advance(0)
    let isClosed = false
    const closed = worklist.close().then(() => {
      isClosed = true
    })
    await worklist.add(BLOG)
    await time.advance(0)
    assert.equal(isClosed, false)
    finish.pop()?.()
    await closed
    await time.advance(60_000)
    assert.deepEqual(runs, ['shop'])
  })
})
