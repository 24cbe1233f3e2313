import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { makeTaskChangedHandler } from '../../lambdas/handlers/task-changed.ts'
import { readTaskChange } from '../../platforms/aws/task-change.ts'
import { install } from './installation.ts'

async function scene(t: TestContext) {
  const installation = await install()
  t.after(() => installation.close())
  const { ports } = installation
  await installation.container({ id: 'co-1' })
  const unread: unknown[] = []
  const handle = makeTaskChangedHandler({ ...ports, readStopped: readTaskChange }, ({ event }) =>
    unread.push(event),
  )
  const container = () => ports.store.container('co-1')
  return { ports, handle, container, unread }
}

const changed = (lastStatus: string) => ({
  'detail-type': 'ECS Task State Change',
  detail: {
    lastStatus,
    startedBy: 'co-1',
    stopCode: 'EssentialContainerExited',
    containers: [{ name: 'runner', exitCode: 1 }],
  },
})

test('a task that has stopped is the end of its container, told once or twice', async (t) => {
  const { handle, container } = await scene(t)
  await handle(changed('DEPROVISIONING'))
  assert.equal((await container())?.state, 'ready')
  for (let times = 0; times < 2; times++) await handle(changed('STOPPED'))
  const { state, reason, failure } = (await container()) ?? {}
  assert.deepEqual([state, reason, failure?.kind], ['stopped', 'exited with code 1', 'crash'])
})

test('an end that cannot be seen to is thrown, so that it comes again', async (t) => {
  const { ports, handle, container, unread } = await scene(t)
  t.mock.method(ports.store, 'containerStopped', async () => {
    throw new Error('the store is away')
  })
  await assert.rejects(handle(changed('STOPPED')), /the store is away/)
  t.mock.restoreAll()
  await handle(changed('STOPPED'))
  assert.deepEqual([(await container())?.state, unread], ['stopped', []])
})

test('an event that means nothing is reported and let go', async (t) => {
  const { handle, unread } = await scene(t)
  await handle({ hello: 'world' })
  assert.deepEqual(unread, [{ hello: 'world' }])
})
