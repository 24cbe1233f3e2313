import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Routes } from '../../../platforms/local/ingress/routes.ts'
import { ENDPOINT } from '../../fixtures/local-ingress.ts'

const routeTo = (...targets: { inFlight: number }[]) => ({ endpoint: ENDPOINT, targets, fault: undefined })

describe('The choice of a target', () => {
  it('falls on whichever has the fewest requests in flight', () => {
    const routes = new Routes()
    const [busy, busier, free] = [{ inFlight: 2 }, { inFlight: 3 }, { inFlight: 1 }]
    for (let round = 0; round < 3; round += 1) assert.equal(routes.choose(routeTo(busy, busier, free)), free)
  })

  it('takes turns among equals', () => {
    const routes = new Routes()
    const targets = [{ inFlight: 1 }, { inFlight: 1 }, { inFlight: 1 }]
    const chosen = Array.from({ length: 6 }, () => routes.choose(routeTo(...targets)))
    for (const target of targets) assert.equal(chosen.filter((each) => each === target).length, 2)
  })

  it('avoids one that has failed, unless it is alone', () => {
    const routes = new Routes()
    const [failed, busy] = [{ inFlight: 0 }, { inFlight: 9 }]
    assert.equal(routes.choose(routeTo(failed, busy), failed), busy)
    assert.equal(routes.choose(routeTo(failed), failed), failed)
    assert.equal(routes.choose(routeTo()), undefined)
  })
})
