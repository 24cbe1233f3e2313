import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Worklist } from '../../control/ports.ts'
import type { AppKey } from '../../protocol/names.ts'

export type Run = (key: AppKey) => Promise<number | undefined>

export interface WorklistRig {
  worklist: Worklist
  now(): number
  /** Lets time pass, or waits for it to. */
  advance(ms: number): Promise<void>
  close(): Promise<void>
}

const SHOP: AppKey = { env: 'main', app: 'shop' }
const BLOG: AppKey = { env: 'main', app: 'blog' }

/** What the domain relies on to come back to an app. */
export function worklistContract(name: string, makeWorklist: (run: Run) => Promise<WorklistRig>): void {
  describe(`${name} as a worklist`, () => {
    const scene = async (t: TestContext, answer: Run = async () => undefined) => {
      const runs: string[] = []
      const rig = await makeWorklist((key) => {
        runs.push(key.app)
        return answer(key)
      })
      t.after(() => rig.close())
      return { ...rig, runs }
    }

    it('runs every app that is added', async (t) => {
      const { worklist, advance, runs } = await scene(t)
      await worklist.add(SHOP)
      await worklist.add(BLOG)
      await advance(0)
      assert.deepEqual(runs.sort(), ['blog', 'shop'])
    })

    it('waits until the time that is asked for, the earliest if there are several', async (t) => {
      const { worklist, now, advance, runs } = await scene(t)
      await worklist.add(SHOP, now() + 9_000)
      await worklist.add(SHOP, now() + 2_000)
      await worklist.add(SHOP, now() + 5_000)
      await advance(1_999)
      assert.deepEqual(runs, [])
      await advance(1)
      assert.deepEqual(runs, ['shop'])
    })

    it('comes back when the run says so', async (t) => {
      let again: number | undefined
      const { worklist, now, advance, runs } = await scene(t, async () => again)
      again = now() + 3_000
      await worklist.add(SHOP)
      await advance(2_999)
      assert.deepEqual(runs, ['shop'])
      again = undefined
      await advance(60_000)
      assert.deepEqual(runs, ['shop', 'shop'])
    })

    it('runs an app once more if it is added while it runs, and never twice at a time', async (t) => {
      let finish = () => {}
      let running = 0
      let most = 0
      const { worklist, advance, runs } = await scene(t, async () => {
        most = Math.max(most, ++running)
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        running -= 1
        return undefined
      })
      await worklist.add(SHOP)
      await advance(0)
      for (let times = 0; times < 3; times++) await worklist.add(SHOP)
      await advance(0)
      assert.deepEqual(runs, ['shop'])
      finish()
      await advance(0)
      assert.deepEqual(runs, ['shop', 'shop'])
      finish()
      await advance(60_000)
      assert.deepEqual([runs.length, most], [2, 1])
    })

    it('runs an app again whose run failed', async (t) => {
      let failures = 2
      const { worklist, advance, runs } = await scene(t, async () => {
        if (failures-- > 0) throw new Error('not now')
        return undefined
      })
      await worklist.add(SHOP)
      await advance(60_000)
      assert.equal(runs.length, 3)
    })
  })
}
