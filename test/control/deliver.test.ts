import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deliver } from '../../control/deliver.ts'
import type { LogQuery } from '../../control/log-port.ts'
import { messageOf } from '../../control/message.ts'
import type { Errand } from '../../control/notice-model.ts'
import { raise } from '../../control/notices.ts'
import type { Delivered } from '../../control/ports.ts'
import { openStore } from '../../platforms/local/store/store.ts'
import type { LogLine } from '../../protocol/log-line.ts'
import { channel, notice } from '../contract/store-notices.ts'

const HOUR_MS = 3_600_000

/** Errands done one after the other in virtual time, as they become due. */
function office(take: (webhook: string) => Delivered) {
  const store = openStore(':memory:')
  const errands: { errand: Errand; at: number }[] = []
  const sent: { at: number; id: string; to: string }[] = []
  let now = 1_000
  const ports = {
    store,
    clock: { now: () => now },
    keys: { mac: (text: string) => text, hash: (text: string) => text },
    logs: {
      read: async function* (_query: LogQuery): AsyncGenerator<LogLine> {},
      write: async () => {},
      remove: async () => {},
    },
    outbox: { add: async (errand: Errand, at: number) => void errands.push({ errand, at }) },
    notifier: {
      refusal: async () => undefined,
      deliver: async (target: object, { id }: { id: string }) => {
        const to = 'webhook' in target ? String(target.webhook) : ''
        sent.push({ at: now, id, to })
        return take(to)
      },
    },
  }
  const rest = async (): Promise<void> => {
    for (let next = errands.shift(); next; next = errands.shift()) {
      now = Math.max(now, next.at)
      await deliver(ports, next.errand)
      errands.sort((a, b) => a.at - b.at)
    }
  }
  return { ports, store, sent, rest }
}

test('a notice that is raised again and again is sent once to each channel that wants it', async () => {
  const { ports, store, sent, rest } = office(() => ({ kind: 'delivered' }))
  const wishes = {
    all: {},
    own: { app: 'shop' },
    other: { app: 'toy' },
    muted: { muted: ['shop'] },
    kind: { kinds: ['rollout_failed' as const] },
    kindless: { kinds: ['rolled_back' as const] },
  }
  for (const [name, wish] of Object.entries(wishes))
    await store.writeChannel(channel(name, { target: { webhook: name }, ...wish }))
  for (const _ of [1, 2, 3]) {
    await raise(ports, notice('n'))
    await rest()
  }
  assert.deepEqual(sent.map(({ to }) => to).sort(), ['all', 'kind', 'own'])
})

test('a channel that takes nothing is tried less and less often for a day, and keeps nobody else waiting', async () => {
  const dead: Delivered = { kind: 'failed', reason: 'it answered 500' }
  const { ports, store, sent, rest } = office((to) => (to === 'dead' ? dead : { kind: 'delivered' }))
  for (const name of ['dead', 'alive']) await store.writeChannel(channel(name, { target: { webhook: name } }))
  await raise(ports, notice('n'))
  await rest()
  const tries = sent.filter(({ to }) => to === 'dead').map(({ at }) => at)
  const pauses = tries.slice(1).map((at, i) => (at - (tries[i] ?? 0)) / 1000)
  assert.deepEqual(pauses.slice(0, 8), [10, 20, 40, 80, 160, 320, 640, 900])
  assert.ok(pauses.slice(8).every((pause) => pause === 900))
  const last = (tries.at(-1) ?? 0) / HOUR_MS
  assert.ok(last > 23.7 && last <= 24, `the last try was after ${last} h`)
  assert.deepEqual((await store.channel('main', 'dead'))?.health.lost, 1)
  assert.deepEqual(await store.dueErrands(Number.MAX_SAFE_INTEGER, 10), [], 'it is given up')
  assert.deepEqual(sent.filter(({ to }) => to === 'alive').length, 1)
})

test('a notice is sent though the lines of its call cannot be read', async () => {
  const { ports, store, sent, rest } = office(() => ({ kind: 'delivered' }))
  // biome-ignore lint/correctness/useYield: it fails before the first line.
  ports.logs.read = async function* () {
    throw new Error('there is no log')
  }
  await store.writeChannel(channel('team'))
  await raise(ports, notice('n', { call: 'ca-1', logs: [] }))
  await rest()
  assert.deepEqual(
    sent.map(({ id }) => id),
    ['n'],
  )
  assert.deepEqual(await store.dueErrands(Number.MAX_SAFE_INTEGER, 10), [])
})

test('the log of a call is read from its beginning only, and not again and again', async () => {
  const { ports, store, sent, rest } = office(() => ({ kind: 'failed', reason: 'it answered 500' }))
  const asked: LogQuery[] = []
  ports.logs.read = async function* (query: LogQuery) {
    asked.push(query)
    yield* []
  }
  await store.writeChannel(channel('team'))
  await raise(ports, notice('n', { function: 'nightly', call: 'ca-1', calledAt: 900, logs: [] }))
  await rest()
  assert.equal(asked[0]?.since, 900)
  assert.equal(asked[0]?.function, 'nightly')
  assert.ok(asked.length < 10 && sent.length > 50)
})

test('what was on its way to a channel that is deleted, or made anew, is dropped', async () => {
  const { ports, store, sent, rest } = office(() => ({ kind: 'failed', reason: 'it answered 500' }))
  await store.writeChannel(channel('team'))
  await raise(ports, notice('n'))
  await deliver(ports, { notice: 'n' })
  await store.deleteChannel('main', 'team')
  await store.writeChannel(channel('team', { id: 'ch-another' }))
  await rest()
  assert.deepEqual(sent, [])
})

test('what a container said cannot break out of the message, nor make it too long', () => {
  const lines = ['<!channel> & <https://evil.example|click>', 'x'.repeat(9_000)]
  const { slack } = messageOf(notice('n', { message: '<!here>', logs: lines }))
  const texts = JSON.stringify(slack)
  assert.doesNotMatch(texts, /<!|<https/)
  for (const { text } of slack.blocks as { text?: { text: string } }[]) {
    assert.ok((text?.text.length ?? 0) <= 3_000)
  }
})
