import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { plan } from '../../control/plan.ts'
import { fail } from '../../control/transitions.ts'
import { install } from '../lambdas/installation.ts'
import { container, NOW, observe, rolling, version } from './observations.ts'

const tick = {
  tick: { kind: 'scheduled', schedule: { type: 'period', seconds: 60 } },
} as const

describe('an ephemeral app', () => {
  test('is seen to at the end of its lease, and expires then', () => {
    const at = (leaseUntil: number) =>
      plan(observe({ live: version(1, { work: { kind: 'plain' } }), app: { leaseUntil } }))
    assert.deepEqual(at(NOW + 500), { actions: [], revisitAt: NOW + 500 })
    assert.deepEqual(at(NOW), { actions: [{ do: 'expire' }] })
  })

  test('is collected as soon as it has stopped, and what was deployed to stay is not', () => {
    const kinds = (leaseUntil?: number) => {
      const stopped = {
        state: 'stopped',
        stoppedAt: NOW,
        ...(leaseUntil !== undefined && { leaseUntil }),
      } as const
      const { actions, revisitAt } = plan(observe({ app: stopped }))
      return [actions.map((action) => action.do), revisitAt !== undefined]
    }
    assert.deepEqual(kinds(NOW - 1), [['finishStop', 'collect'], false])
    assert.deepEqual(kinds(), [['finishStop'], true])
  })

  test('tells nobody but whoever tries it out that a version failed or cannot start', async (t) => {
    const installation = await install()
    t.after(() => installation.close())
    const { ports } = installation
    const noticed = async (app: string, leaseUntil?: number) => {
      const broken = rolling(1, { work: { kind: 'plain' } }, { app })
      const { version: _, status, steps, ...draft } = broken
      await ports.store.beginVersion({ ...draft, ...(leaseUntil !== undefined && { leaseUntil }) }, new Map())
      const record = await ports.store.app({ env: 'main', app })
      const seen = { ...observe({ rolling: [broken] }), app: record ?? assert.fail() }
      const error = { code: 'crashed', message: 'It crashed.', logs: [] }
      await fail(ports, seen, { do: 'fail', version: 1, error })
      return (await ports.store.notice(`rollout_failed/main/${app}/1`)) !== undefined
    }
    assert.deepEqual([await noticed('stays'), await noticed('tried', NOW)], [true, false])

    const failure = { kind: 'start' as const, message: 'It crashed.', logs: [] }
    const failed = [1, 2, 3].map(() => container(1, 'work', { state: 'stopped', stoppedAt: NOW, failure }))
    const raised = (leaseUntil?: number) => {
      const app = leaseUntil === undefined ? {} : { leaseUntil }
      const live = version(1, { work: { kind: 'plain' } })
      return plan(observe({ live, failed, app })).actions.some((action) => action.do === 'raise')
    }
    assert.deepEqual([raised(), raised(NOW + 500)], [true, false])
  })

  test('has schedules that do not fire by themselves', () => {
    const entries = (leaseUntil?: number) => {
      const app = { settledVersion: 0, ...(leaseUntil !== undefined && { leaseUntil }) }
      const { actions } = plan(observe({ live: version(1, tick), app }))
      return actions.flatMap((action) => (action.do === 'schedule' ? action.entries : []))
    }
    assert.equal(entries().length, 1)
    assert.equal(entries(NOW + 500).length, 0)
  })
})
