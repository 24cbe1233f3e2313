import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'
import type { Worklist } from '../../control/ports.ts'
import type { AppKey } from '../../protocol/names.ts'
import { type Conditions, itExcept } from './conditions.ts'

export type Run = (key: AppKey) => Promise<number | undefined>

export interface WorklistRig {
  worklist: Worklist
  now(): number
  /** Lets time pass, or waits, until something is so. */
  until(condition: () => boolean): Promise<void>
  /** Lets time pass, or waits, for as long as whatever is still under way should take. */
  quiet(): Promise<void>
  close(): Promise<void>
}

const SHOP: AppKey = { env: 'main', app: 'shop' }
const BLOG: AppKey = { env: 'main', app: 'blog' }

/** What the domain relies on to come back to an app. */
export function worklistContract(
  name: string,
  makeWorklist: (run: Run) => Promise<WorklistRig>,
  conditions: Conditions = {},
): void {
  const it = itExcept(conditions)
  describe(`${name} as a worklist`, {
    skip: conditions.skip ?? false,
    concurrency: true,
    timeout: 120_000,
  }, () => {
    const scene = async (t: TestContext, answer: Run = async () => undefined) => {
      const runs: { app: string; at: number }[] = []
      const rig: WorklistRig = await makeWorklist((key) => {
        runs.push({ app: key.app, at: rig.now() })
        return answer(key)
      })
      t.after(() => rig.close())
      const hasRun = (times: number) => rig.until(() => runs.length >= times)
      return { ...rig, runs, hasRun }
    }

    it('runs every app that is added, once', async (t) => {
      const { worklist, hasRun, quiet, runs } = await scene(t)
      for (const key of [SHOP, BLOG, SHOP]) await worklist.add(key)
      await hasRun(2)
      await quiet()
      assert.deepEqual(runs.map(({ app }) => app).sort(), ['blog', 'shop'])
    })

    it('waits until the time that is asked for, the earliest if there are several', async (t) => {
      const { worklist, now, hasRun, quiet, runs } = await scene(t)
      const asked = now()
      for (const seconds of [3_600, 2, 1_800]) await worklist.add(SHOP, asked + seconds * 1_000)
      await hasRun(1)
      await quiet()
      const [run] = runs
      assert.ok(run && run.at >= asked + 2_000, `${run && run.at - asked} ms`)
      assert.equal(runs.length, 1)
    })

    it('comes back when the run says so', async (t) => {
      let again: number | undefined
      const { worklist, now, hasRun, quiet, runs } = await scene(t, async () => again)
      again = now() + 3_000
      await worklist.add(SHOP)
      await hasRun(1)
      const asked = again
      again = undefined
      await hasRun(2)
      await quiet()
      assert.ok(runs[1] && runs[1].at >= asked, `${runs[1] && asked - runs[1].at} ms too early`)
      assert.equal(runs.length, 2)
    })

    it('runs an app once more if it is added while it runs, and never twice at a time', async (t) => {
      const finish: (() => void)[] = []
      const { worklist, hasRun, quiet, runs } = await scene(t, async () => {
        await new Promise<void>((resolve) => finish.push(resolve))
        return undefined
      })
      await worklist.add(SHOP)
      await hasRun(1)
      for (let times = 0; times < 3; times++) await worklist.add(SHOP)
      await quiet()
      assert.equal(runs.length, 1)
      finish.pop()?.()
      await hasRun(2)
      finish.pop()?.()
      await quiet()
      assert.equal(runs.length, 2)
    })

    it('runs an app again whose run failed', async (t) => {
      let failures = 2
      const { worklist, hasRun, quiet, runs } = await scene(t, async () => {
        if (failures-- > 0) throw new Error('not now')
        return undefined
      })
      await worklist.add(SHOP)
      await hasRun(3)
      await quiet()
      assert.equal(runs.length, 3)
    })
  })
}
