import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { issueToken, revokeToken } from '../../control/tokens.ts'
import { makeLogsHandler } from '../../lambdas/handlers/logs.ts'
import { LocalChanges } from '../../platforms/local/changes.ts'
import { systemClock, systemTimers } from '../../platforms/local/clock.ts'
import { refuse } from './client.ts'
import { eventFor } from './event.ts'
import { type Installation, install } from './installation.ts'

let installation: Installation
let changes: LocalChanges
let say: (env: string, app: string) => void
before(async () => {
  installation = await install()
  const watch = (onChange: typeof say) => {
    say = onChange
    return () => {}
  }
  changes = new LocalChanges(watch, { clock: systemClock, timers: systemTimers })
})
after(() => installation.close())

test('where nobody can be told, that is said, and what to do', async () => {
  const { status, code, detail } = await refuse(installation, 'changes')
  assert.deepEqual([status, code], [501, 'not_streamed'])
  assert.match(detail, /Ask from time to time/)
})

test('each change is an event in the format that browsers know', async () => {
  const { ports } = installation
  const handler = makeLogsHandler({ ...ports, changes })
  const { headers, body } = await handler(eventFor('changes', { token: installation.token }))
  assert.equal(headers['content-type'], 'text/event-stream')
  const pieces = (body as AsyncIterable<string>)[Symbol.asyncIterator]()
  assert.equal((await pieces.next()).value, ': listening\n\n')
  say('main', 'shop')
  assert.equal((await pieces.next()).value, 'event: change\ndata: {"app":"shop"}\n\n')
  const waiting = pieces.next()
  await pieces.return?.()
  assert.equal((await waiting).done, true)
  assert.equal(changes.listeners, 0, 'whoever leaves is not listened for')
})

test('a quiet stream ends soon after the token that was sent for it', async () => {
  const { ports } = installation
  const { id } = await issueToken(ports, { name: 'reader', role: 'viewer', by: 'ada' }, 'slu_reader')
  const time = { now: ports.clock.now() }
  const quiet = { next: async () => [], close: () => {} }
  const clock = { now: () => time.now }
  const handler = makeLogsHandler({ ...ports, clock, changes: { listen: () => quiet } })
  const { body } = await handler(eventFor('changes', { token: 'slu_reader' }))
  const pieces = (body as AsyncIterable<string>)[Symbol.asyncIterator]()
  const nextAfter = async (ms: number) => {
    time.now += ms
    return (await pieces.next()).done
  }
  assert.deepEqual([await nextAfter(0), await nextAfter(15_000)], [false, false])
  await revokeToken(ports, id, 'ada')
  assert.equal(await nextAfter(15_000), true)
})
