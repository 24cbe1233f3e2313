import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JudgeResponse } from '../../protocol/runtime.ts'
import { Callers } from '../../runner/callers.ts'

const MINUTE_MS = 60_000

function scene(answer: (token: string) => JudgeResponse | Promise<JudgeResponse>) {
  const time = { now: 0 }
  const asked: string[] = []
  const callers = new Callers(
    async (token) => {
      asked.push(token)
      return answer(token)
    },
    () => time.now,
  )
  return { time, asked, callers }
}

test('a good token is asked about again after a minute, and no later than it ends', async () => {
  const { time, asked, callers } = scene((token) => ({
    verdict: 'allowed',
    caller: token,
    ...(token === 'short' && { lasts: 10 }),
  }))
  const asksAt = async (token: string, now: number) => {
    time.now = now
    const before = asked.length
    assert.equal((await callers.judge(token)).verdict, 'allowed')
    return asked.length > before
  }
  assert.equal(await asksAt('long', 0), true)
  assert.equal(await asksAt('short', 0), true)
  assert.equal(await asksAt('short', 9_999), false)
  assert.equal(await asksAt('short', 10_000), true)
  assert.equal(await asksAt('long', MINUTE_MS - 1), false)
  assert.equal(await asksAt('long', MINUTE_MS), true)
})

test('the minute begins with the question: what takes long to answer is not good for longer', async () => {
  const answers: ((answer: JudgeResponse) => void)[] = []
  const { time, asked, callers } = scene(() => new Promise((resolve) => answers.push(resolve)))
  const first = callers.judge('slow')
  time.now = 50_000
  answers[0]?.({ verdict: 'allowed', caller: 'slow' })
  await first
  time.now = MINUTE_MS
  callers.judge('slow')
  assert.equal(asked.length, 2)
})

test('a token that is refused is asked about again soon, and one that nobody could judge at once', async () => {
  const { time, asked, callers } = scene((token) => {
    if (token === 'away') throw new Error('nobody answers')
    return { verdict: 'refused', status: 401, detail: 'no' }
  })
  const judge = async (token: string) => {
    const verdict = await callers.judge(token)
    return verdict.verdict === 'refused' && verdict.status
  }
  assert.deepEqual([await judge('bad'), await judge('bad'), asked.length], [401, 401, 1])
  time.now = 5_000
  assert.deepEqual([await judge('bad'), asked.length], [401, 2])
  assert.deepEqual([await judge('away'), await judge('away'), asked.length], [503, 503, 4])
})

test('strangers who come all at once are turned away before they drown the control plane', async () => {
  const answers: ((answer: JudgeResponse) => void)[] = []
  const { asked, callers } = scene(() => new Promise((resolve) => answers.push(resolve)))
  const many = Array.from({ length: 50 }, (_, i) => callers.judge(`token ${i}`))
  assert.equal(asked.length, 16)
  for (const answer of answers) answer({ verdict: 'allowed', caller: 'x' })
  const verdicts = await Promise.all(many)
  assert.equal(verdicts.filter(({ verdict }) => verdict === 'allowed').length, 16)
  callers.judge('one more')
  assert.equal(asked.length, 17)
})
