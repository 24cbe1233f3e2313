import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { plan } from '../../control/plan.ts'
import { NOW, observe, version } from './observations.ts'

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
