import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Container } from '../../control/model.ts'
import { plan } from '../../control/plan.ts'
import { container, inShort, NOW, observe, rolling, version } from './observations.ts'

const REASON = 'The vCPU quota of this account is full.'
const FUNCTIONS = { work: { kind: 'plain', minContainers: 1 } } as const

/** A start that the platform had no room for, so long ago. */
const refused = (ofVersion: number, agoMs: number): Container =>
  container(ofVersion, 'work', {
    state: 'stopped',
    stoppedAt: NOW - agoMs,
    failure: { kind: 'refused', message: REASON, logs: [] },
  })

/** A rollout whose first start was asked for so long ago. */
const begun = (agoMs: number) =>
  rolling(2, FUNCTIONS, {
    steps: [{ step: 'start', state: 'running', at: new Date(NOW - agoMs).toISOString() }],
  })

describe('a start that there is no room for', () => {
  test('is tried again by a rollout, later and later', () => {
    const soon = plan(observe({ rolling: [begun(1_000)], failed: [refused(2, 100)] }))
    assert.deepEqual(inShort(soon.actions), [])
    assert.equal(soon.revisitAt, NOW + 400)
    const later = plan(observe({ rolling: [begun(1_000)], failed: [refused(2, 500)] }))
    assert.deepEqual(inShort(later.actions), ['start work v2'])
  })

  test('does not fail a version, however often, until its time is up; then the error says what there was no room for', () => {
    const often = Array.from({ length: 10 }, (_, n) => refused(2, 61_000 + n))
    assert.deepEqual(inShort(plan(observe({ rolling: [begun(62_000)], failed: often })).actions), [
      'start work v2',
    ])
    const { actions } = plan(observe({ rolling: [begun(1_000_000)], failed: often }))
    const failure = actions.find((action) => action.do === 'fail')
    assert.match(failure?.error.message ?? '', /not ready within.*The vCPU quota of this account is full/)
  })

  test('costs no call its life: they wait until there is room', () => {
    const { actions, revisitAt } = plan(
      observe({
        live: version(1, { work: { kind: 'plain' } }),
        failed: Array.from({ length: 5 }, (_, n) => refused(1, n)),
        demand: [{ function: 'work', pending: 3, running: 0, waiting: 0 }],
      }),
    )
    assert.deepEqual(inShort(actions), [])
    assert.ok(revisitAt !== undefined && revisitAt > NOW)
  })
})
