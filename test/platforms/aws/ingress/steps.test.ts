import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EndpointItem, Registered, Slot } from '../../../../platforms/aws/ingress/items.ts'
import { type Known, nextStep } from '../../../../platforms/aws/ingress/steps.ts'
import { endpoint, target } from './scene.ts'

const PATIENCE_MS = 60_000
const APPLY_MS = 5_000
const NOW = 1_000_000

const known = (more: Partial<Known> = {}): Known => ({
  now: NOW,
  patienceMs: PATIENCE_MS,
  applyMs: APPLY_MS,
  ...more,
})

const registered = (container: string, more: Partial<Registered> = {}): Registered => ({
  container,
  address: target(container).address,
  since: NOW,
  ...more,
})

const slot = (version: number, ...targets: Registered[]): Slot => ({
  arn: `group-of-v${version}`,
  attached: true,
  version,
  targets,
})

function seen(more: Partial<EndpointItem>): EndpointItem {
  return {
    ...{ owner: 'main/shop', item: 'endpoint#shop-web', listenerArn: 'listener', priority: 1, revision: 1 },
    ...endpoint(),
    ...{ ruleArn: 'rule', serving: 'activator', slots: {} },
    ...more,
  }
}

describe('The next step for an endpoint', () => {
  it('takes no group that another version serves from', () => {
    const serving = seen({ serving: 'a', slots: { a: slot(1, registered('old', { proven: true })) } })
    assert.deepEqual(nextStep(serving, [target('new', 2)], known()), {
      do: 'makeGroup',
      slot: 'b',
      version: 2,
    })
  })

  it('takes the group that the last version left empty, rather than make another', () => {
    const empty = seen({ slots: { a: slot(1) } })
    const step = nextStep(empty, [target('new', 2)], known())
    assert.deepEqual(step, { do: 'admit', slot: 'a', targets: [target('new', 2)] })
  })

  it('makes room in the other group where the version before the last one still drains', () => {
    const draining = registered('oldest', { out: true })
    const both = { a: slot(1, draining), b: slot(2, registered('old', { proven: true })) }
    const step = nextStep(seen({ serving: 'b', slots: both }), [target('new', 3)], known())
    assert.deepEqual(step, { do: 'dismiss', slot: 'a', targets: [draining] })
  })

  it('goes back to a version whose containers are still there by admitting them anew', () => {
    const both = { a: slot(1, registered('old', { out: true })), b: slot(2, registered('new')) }
    const step = nextStep(seen({ serving: 'b', slots: both }), [target('old')], known())
    assert.deepEqual(step, { do: 'admit', slot: 'a', targets: [target('old')] })
  })

  it('does not wait for ever for checks that a ready container fails', () => {
    const late = seen({ slots: { a: slot(1, registered('new', { since: NOW - PATIENCE_MS })) } })
    assert.deepEqual(nextStep(late, [target('new')], known()), { do: 'route', to: 'a' })
    const early = seen({ slots: { a: slot(1, registered('new')) } })
    const nobody = known({ healthy: new Set() })
    assert.deepEqual(nextStep(early, [target('new')], nobody), { do: 'rest', outcome: 'pending' })
  })

  it('lets the only container of a version go once another one of it has passed its checks', () => {
    const old = registered('old', { proven: true })
    const both = seen({ serving: 'a', slots: { a: slot(1, old, registered('new')) } })
    const nobody = known({ healthy: new Set() })
    assert.deepEqual(nextStep(both, [target('new')], nobody), { do: 'rest', outcome: 'pending' })
    const healthy = known({ healthy: new Set([target('new').address]) })
    assert.deepEqual(nextStep(both, [target('new')], healthy), { do: 'dismiss', slot: 'a', targets: [old] })
  })

  it('lets surplus containers go at once where a proven one stays', () => {
    const surplus = registered('surplus', { proven: true })
    const two = seen({ serving: 'a', slots: { a: slot(1, registered('stays', { proven: true }), surplus) } })
    assert.deepEqual(nextStep(two, [target('stays')], known()), {
      do: 'dismiss',
      slot: 'a',
      targets: [surplus],
    })
  })

  it('leaves what drains registered until its container is gone', () => {
    const draining = registered('old', { out: true })
    const left = seen({ slots: { a: slot(1, draining) } })
    assert.deepEqual(nextStep(left, [], known()), { do: 'lookForGone', containers: ['old'] })
    assert.deepEqual(nextStep(left, [], known({ gone: new Set() })), { do: 'rest', outcome: 'pointed' })
    const gone = known({ gone: new Set(['old']) })
    assert.deepEqual(nextStep(left, [], gone), { do: 'dismiss', slot: 'a', targets: [draining] })
  })

  it('lets go of containers that were admitted but never came to serve', () => {
    const never = registered('never')
    const left = seen({ slots: { a: slot(1, never) } })
    assert.deepEqual(nextStep(left, [], known()), { do: 'release', slot: 'a', targets: [never] })
  })

  it('calls a switch done once all of the load balancer has heard of it', () => {
    const fresh = seen({ routedAt: NOW - APPLY_MS + 1 })
    assert.deepEqual(nextStep(fresh, [], known()), { do: 'rest', outcome: 'pending' })
    assert.deepEqual(nextStep({ ...fresh, routedAt: NOW - APPLY_MS }, [], known()), {
      do: 'rest',
      outcome: 'pointed',
    })
  })
})
