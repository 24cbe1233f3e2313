import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { next } from '../../control/runtime.ts'
import { type Installation, install } from './installation.ts'

let installation: Installation
before(async () => {
  installation = await install()
})
after(() => installation.close())

test('what a container was told where it waited is another one’s, once it drains', async () => {
  await installation.container({
    id: 'co-leaving',
    state: 'draining',
    running: 1,
    drainDeadline: Date.now() + 60_000,
  })
  const settled: string[] = []
  const queue = {
    ...installation.ports.queue,
    receive: async ({ wake }: { wake: string | undefined }) => ({
      hints: wake === undefined ? [] : [{ callId: 'ca-1', receipt: wake }],
    }),
    settle: async ({ callId, receipt }: { callId: string; receipt: string }, outcome: string) =>
      void settled.push(`${outcome} ${callId} of ${receipt}`),
  }
  const ports = { ...installation.ports, queue }
  const answer = await next(ports, 'co-leaving', { completed: [], free: 0, wake: 'the wait' })
  assert.deepEqual(answer.inputs, [])
  assert.deepEqual(settled, ['return ca-1 of the wait'])
})
