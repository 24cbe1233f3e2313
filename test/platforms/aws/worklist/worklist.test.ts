import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Message } from '@aws-sdk/client-sqs'
import { worklistContract } from '../../../contract/worklist.ts'
import { skip } from '../account.ts'
import { Mapping } from './mapping.ts'
import { BLOG, messageOf, SHOP, scene, sceneOf } from './scene.ts'

/** How long nothing must have come for nothing to be under way. */
const QUIET_MS = 2_500

worklistContract(
  'SqsWorklist',
  async (run) => {
    const made = await scene()
    const mapping = new Mapping(made, run)
    return {
      worklist: made.worklist,
      now: made.clock.now,
      until: async (condition) => {
        while (!condition()) await mapping.poll()
      },
      quiet: async () => {
        for (const end = Date.now() + QUIET_MS; Date.now() < end; ) await mapping.poll()
      },
      close: async () => {
        await mapping.end()
        await made.close()
      },
    }
  },
  { skip },
)

describe('SqsWorklist', { skip, timeout: 120_000 }, () => {
  it('sends one message for a burst of wishes', async (t) => {
    const { worklist, handler, commands, clock } = await sceneOf(t)
    const other = handler()
    for (let n = 0; n < 5; n += 1) {
      await worklist.add(SHOP, clock.now())
      await other.worklist.add(SHOP, clock.now() + 20)
    }
    assert.deepEqual([...commands, ...other.commands], ['SendMessageCommand'])
    await worklist.add(SHOP)
    assert.equal(commands.length, 2, 'what is wished for at once does not wait for the burst to end')
  })

  it('runs an app once that a batch has several messages of, and leaves nothing', async (t) => {
    const { worklist, time, receive, handle, remove, runs } = await sceneOf(t)
    await worklist.add(SHOP, Date.now() + 1_000)
    for (const key of [SHOP, BLOG]) await worklist.add(key)
    const messages: Message[] = []
    while (messages.length < 3) messages.push(...(await receive(2)))
    assert.equal(failed(await handle(messages)), 0)
    await remove(messages)
    assert.deepEqual(runs.sort(), ['blog', 'shop'])
    time.skew += 3_600_000
    await worklist.resendLost()
    assert.deepEqual(await receive(0), [])
  })

  it('does at its next delivery what a crash has kept from being done', async (t) => {
    const { worklist, time, receive, handle, runs } = await sceneOf(t)
    await worklist.add(SHOP)
    const messages = await receive(2)
    const died = new Promise<undefined>(() => {})
    handle(messages, () => died)
    while (runs.length === 0) await new Promise(setImmediate)
    assert.equal(failed(await handle(messages)), 1, 'it may still run')
    assert.equal(runs.length, 1)
    time.skew += 65_000
    assert.equal(failed(await handle(messages)), 0)
    assert.deepEqual(runs, ['shop', 'shop'])
  })

  it('asks again for what was lost: a message, or one that came too often in vain', async (t) => {
    const { worklist, time, receive, handle, remove, runs, failures } = await sceneOf(t)
    await worklist.add(SHOP)
    await remove(await receive(2))
    await worklist.resendLost()
    assert.deepEqual(await receive(0), [], 'it may still be on its way')
    time.skew += 31_000
    await worklist.resendLost()
    const again = await receive(2)
    const broken = async () => {
      throw new Error('not now')
    }
    assert.equal(failed(await handle(again, broken)), 1)
    assert.deepEqual(failures, [{ error: new Error('not now'), ...SHOP }])
    await remove(again)
    time.skew += 31_000
    await worklist.resendLost()
    assert.equal(failed(await handle(await receive(2))), 0)
    assert.equal(runs.length, 2)
  })

  it('counts on a message for a few seconds only, where it is asked again', async (t) => {
    const { worklist, time, receive, remove } = await sceneOf(t)
    await worklist.add(SHOP)
    await remove(await receive(2))
    await worklist.add(SHOP)
    assert.deepEqual(await receive(0), [])
    time.skew += 11_000
    await worklist.add(SHOP)
    assert.equal((await receive(2)).length, 1)
  })

  it('waits on where SQS cannot wait for so long, and forgets a time for which an earlier one came', async (t) => {
    const { worklist, clock, time, handle, runs, commands } = await sceneOf(t)
    const at = clock.now() + 3_600_000
    await worklist.add(SHOP, at)
    const early = [messageOf(SHOP, at)]
    time.skew += 900_000
    assert.equal(failed(await handle(early)), 0)
    assert.deepEqual([runs, commands], [[], ['SendMessageCommand', 'SendMessageCommand']])
    await worklist.add(SHOP, clock.now() + 60_000)
    commands.splice(0)
    await handle(early)
    assert.deepEqual([runs, commands], [[], []])
  })

  it('is free for the next run as soon as one has ended', async (t) => {
    const { worklist, receive, handle, runs } = await sceneOf(t)
    await worklist.add(SHOP)
    await handle(await receive(2), async () => {
      await worklist.add(SHOP)
      return undefined
    })
    await handle(await receive(2))
    assert.deepEqual(runs, ['shop', 'shop'])
  })

  it('keeps a wish for a later time that came while the app ran', async (t) => {
    const { worklist, clock, time, receive, handle, runs } = await sceneOf(t)
    await worklist.add(SHOP)
    const later = clock.now() + 600_000
    await handle(await receive(2), async () => {
      await worklist.add(SHOP, later)
      return undefined
    })
    time.skew += 600_001
    await handle([messageOf(SHOP, later)])
    assert.equal(runs.length, 2)
  })

  it('lets go of what cannot be read, says so, and does the rest', async (t) => {
    const { worklist, receive, handle, runs, failures } = await sceneOf(t)
    await worklist.add(SHOP)
    const POISON = [
      '',
      '{}',
      '{"env":"main","app":"../x","dueAt":1}',
      '{"env":"main","app":"shop","dueAt":"1"}',
    ]
    const messages = POISON.map((Body) => ({ ...messageOf(SHOP, 0), Body }))
    assert.equal(failed(await handle([...messages, ...(await receive(2))])), 0)
    assert.deepEqual([runs, failures.length], [['shop'], POISON.length])
  })
})

const failed = ({ batchItemFailures }: { batchItemFailures: object[] }): number => batchItemFailures.length
