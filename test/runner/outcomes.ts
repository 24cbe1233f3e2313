import assert from 'node:assert/strict'
import type { CallError, Outcome } from '../../protocol/calls.ts'

/** What a call that succeeded returned. */
export function resultOf(outcome: Outcome): unknown {
  assert.ok(outcome.status === 'succeeded' && 'json' in outcome.result, JSON.stringify(outcome))
  return JSON.parse(outcome.result.json)
}

/** Why a call ended so. */
export function errorOf(outcome: Outcome, status: Outcome['status']): CallError {
  assert.equal(outcome.status, status)
  assert.ok(outcome.status !== 'succeeded')
  return outcome.error
}
