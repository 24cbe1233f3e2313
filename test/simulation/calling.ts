import assert from 'node:assert/strict'
import { accept } from '../../control/calls.ts'
import { triggerSchedule } from '../../control/schedule-requests.ts'
import { KEY } from './manifest.ts'
import type { Random } from './random.ts'
import type { Action, Stage } from './stage.ts'

const BY = { key: KEY, by: 'bob' }
/** What programs do with calls, beside making one. */
export const CALLING = {
  'call again': { weight: 4, act: callAgain },
  'call from a call': { weight: 3, act: callFromCall },
  'call many': { weight: 2, act: callMany },
  'run schedule now': { weight: 2, act: runNow },
} satisfies Record<string, Action>

/** Several who do not know whether they have been heard, with one idempotency key: it is one call. */
async function callAgain(stage: Stage, random: Random): Promise<string> {
  const { world, invariants } = stage
  const request = {
    ...BY,
    function: 'work',
    args: { json: '[1]' },
    source: 'api' as const,
    idempotencyKey: `key-${random.between(1, 5)}`,
  }
  const times = Array.from({ length: random.between(2, 3) }, () => accept(world.ports, request))
  const answers = await Promise.allSettled(times)
  const ids = new Set(answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.id] : [])))
  invariants.acceptedCalls.push(...ids)
  stage.assert(() => assert.ok(ids.size <= 1, `promise 6: one key made the calls ${[...ids].join(', ')}`))
  return rethrown(answers) ?? 'done'
}

/** By code that runs, or that has outlived its call. */
async function callFromCall({ world, invariants }: Stage, random: Random) {
  const input = random.pick(world.overheard)
  if (!input) return 'nothing has run'
  const parent = { call: input.callId, container: input.container }
  const child = await accept(world.ports, {
    key: KEY,
    by: 'shop.work',
    function: random.chance(0.7) ? 'work' : 'extra',
    args: { json: '[]' },
    source: 'api',
    parent,
  })
  invariants.acceptedCalls.push(child.id)
  return child
}

async function callMany({ world, invariants }: Stage, random: Random): Promise<string> {
  const request = { ...BY, function: 'work', args: { json: '[]' }, source: 'api' as const }
  const count = random.between(5, 12)
  const answers = await Promise.allSettled(Array.from({ length: count }, () => accept(world.ports, request)))
  for (const answer of answers)
    if (answer.status === 'fulfilled') invariants.acceptedCalls.push(answer.value.id)
  return rethrown(answers) ?? 'done'
}

async function runNow({ world, invariants }: Stage) {
  const call = await triggerSchedule(world.ports, { ...BY, function: 'nightly' })
  invariants.acceptedCalls.push(call.id)
  return call
}

/** Fails as the first of them did, if one did. */
export function rethrown(answers: PromiseSettledResult<unknown>[]): undefined {
  for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
}
