import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { effective, endedOverrides, endingsOf, inEffect } from '../../control/overrides.ts'
import { plan } from '../../control/plan.ts'
import { FunctionSpec } from '../../protocol/manifest.ts'
import { container, inShort, NOW, observe, version } from './observations.ts'

describe('an override of the autoscaler', () => {
  test('stands in for what was deployed, and never has more kept warm than there may be', () => {
    const spec = FunctionSpec.parse({ kind: 'plain', minContainers: 4 })
    const { minContainers, maxContainers, scaledownWindow } = effective(spec, {
      maxContainers: 2,
      scaledownWindow: 5,
    })
    assert.deepEqual([minContainers, maxContainers, scaledownWindow], [2, 2, 5])
  })

  test('holds for a version on its way unless that sets the same itself', () => {
    const app = { liveVersion: 1, autoscaler: { work: { minContainers: 3, maxContainers: 7 } } }
    const own = { work: { kind: 'plain', minContainers: 1 } } as const
    const settings = (number: number, origin: 'deploy' | 'rollover' = 'deploy') => {
      const { work } = inEffect(app, version(number, own, { origin })).manifest.functions
      return [work?.minContainers, work?.maxContainers]
    }
    assert.deepEqual(settings(1), [3, 7], 'set after the version was deployed')
    assert.deepEqual(settings(2), [1, 7], 'and before')
    assert.deepEqual(settings(2, 'rollover'), [3, 7], 'the same version again says nothing new')
  })

  test('ends with a deploy that sets the same, which can tell so', () => {
    const app = { autoscaler: { work: { minContainers: 3, maxContainers: 7 }, gone: { minContainers: 1 } } }
    const next = version(2, { work: { kind: 'plain', minContainers: 1 } })
    assert.deepEqual(endingsOf(next), { work: ['minContainers'] })
    assert.deepEqual(endedOverrides(app, next), [
      { function: 'work', field: 'minContainers', before: 3, after: 1 },
    ])
    assert.equal(endingsOf({ ...next, origin: 'start' }), undefined)
  })

  test('is told apart from a default by a manifest that says the default itself, also when it is read again', () => {
    const said = FunctionSpec.parse({ kind: 'plain', minContainers: 0 })
    assert.deepEqual(said.authored, ['minContainers'])
    assert.deepEqual(FunctionSpec.parse(said).authored, ['minContainers'])
    assert.deepEqual(FunctionSpec.parse(FunctionSpec.parse({ kind: 'plain' })).authored, [])
  })
})

describe('fewer containers than there are', () => {
  const work = { work: { kind: 'plain', maxContainers: 2 } } as const

  test('have those with the least to do leave at once, and finish it', () => {
    const busy = [3, 1, 2].map((running) => container(1, 'work', { running, idleSince: undefined } as object))
    const idle = container(1, 'work')
    const { actions } = plan(observe({ live: version(1, work), containers: [...busy, idle] }))
    const drains = actions.filter((action) => action.do === 'drain')
    assert.deepEqual(
      drains.map((action) => action.container),
      [idle.id, busy[1]?.id],
    )
    assert.ok(drains.every(({ deadline }) => deadline >= NOW + 300_000))
  })

  test('are allowed to those that are outdated anyhow', () => {
    const old = [1, 2, 3].map(() => container(1, 'work', { state: 'draining', drainDeadline: NOW + 1 }))
    const { actions } = plan(observe({ live: version(2, work), containers: [...old, container(2, 'work')] }))
    assert.deepEqual(inShort(actions), [])
  })
})
