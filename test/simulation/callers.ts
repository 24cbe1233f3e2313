import assert from 'node:assert/strict'
import { accept, cancel } from '../../control/calls.ts'
import { type Call, isTerminal } from '../../control/model.ts'
import { KEY } from './manifest.ts'
import type { Random } from './random.ts'
import type { Situation } from './situation.ts'

const KEYS = 3

/** Calls some function: in one case of four at a version, and where nothing is live always. */
export async function call({ world, invariants }: Situation, random: Random): Promise<Call> {
  const name = random.chance(0.8) ? 'work' : 'extra'
  const app = await world.store.app(KEY)
  const choices = [...pin(app?.liveVersion, random), ...(app?.staged ?? [])]
  const isPinned = app?.liveVersion === undefined || random.chance(0.25)
  const acked = invariants.acknowledged()
  const accepted = await accept(world.ports, {
    key: KEY,
    by: 'ann',
    function: name,
    args: { json: '[]' },
    source: 'api',
    version: isPinned ? random.pick(choices) : undefined,
  })
  invariants.accepted(accepted, acked)
  return accepted
}

/** The live version, or any one before it. */
const pin = (live: number | undefined, random: Random): number[] =>
  live === undefined ? [] : [random.chance(0.5) ? random.between(1, live) : live]

/** Somebody who does not know whether they have asked for this before. */
export async function callOnce({ world, invariants }: Situation, random: Random): Promise<Call> {
  const idempotencyKey = `key ${random.between(1, KEYS)}`
  const args = { json: `[${random.between(1, 2)}]` }
  const isKnown = (await world.store.callByKey(KEY, idempotencyKey)) !== undefined
  const acked = isKnown ? 0 : invariants.acknowledged()
  const request = { key: KEY, by: 'ann', function: 'work', args, source: 'api', idempotencyKey } as const
  const accepted = await accept(world.ports, request)
  assert.deepEqual(accepted.args, args, 'promise 6: a key stands for another call than was asked for')
  if (!invariants.acceptedCalls.includes(accepted.id)) invariants.accepted(accepted, acked)
  return accepted
}

/** One of the latest calls, whether or not it has ended. */
export async function cancelOne({ world, invariants }: Situation, random: Random): Promise<string> {
  const id = random.pick(invariants.acceptedCalls.slice(-4))
  if (id === undefined) return 'none'
  const { status } = await cancel(world.ports, id)
  assert.ok(isTerminal(status), `promise 6: ${id} was cancelled, and is ${status}`)
  return status
}
