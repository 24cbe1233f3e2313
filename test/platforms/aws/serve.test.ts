import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serve, serveApi } from '../../../platforms/aws/serve.ts'
import { whole } from '../../../platforms/aws/whole-result.ts'

const CONTEXT = { awsRequestId: 'request-1', functionName: 'test', getRemainingTimeInMillis: () => 1_000 }

/** As Lambda calls a handler: with a context of its own. */
function invoke<Event, Result>(handler: (event: Event) => Promise<Result>, event: Event): Promise<Result> {
  return (handler as (event: Event, context: unknown) => Promise<Result>)(event, CONTEXT)
}

test('ports are made with the first event, and once', async () => {
  let made = 0
  const handler = serve(
    ({ greeting }: { greeting: string }) =>
      async (name: string) =>
        `${greeting} ${name}`,
    {
      greeting: async () => {
        made++
        return 'hello'
      },
    },
  )
  assert.equal(made, 0)
  assert.equal(await invoke(handler, 'ada'), 'hello ada')
  assert.equal(await invoke(handler, 'bob'), 'hello bob')
  assert.equal(made, 1)
})

test('ports that cannot be made fail one event, not all that come after it', async () => {
  const outcomes = [new Error('no secret yet'), 'hello']
  const handler = serve(
    ({ greeting }: { greeting: string }) =>
      async () =>
        greeting,
    {
      greeting: async () => {
        const outcome = outcomes.shift()
        if (outcome instanceof Error) throw outcome
        return outcome ?? ''
      },
    },
  )
  await assert.rejects(invoke(handler, 'event'), /no secret yet/)
  assert.equal(await invoke(handler, 'event'), 'hello')
})

test('what was published has left before the handler answers, also where it fails', async () => {
  const flushed: string[] = []
  const events = { flush: async () => void flushed.push('flushed') }
  const handler = serve(
    () => async (event: string) => {
      if (event === 'bad') throw new Error('failed')
    },
    { events: () => events },
  )
  await invoke(handler, 'good')
  await assert.rejects(invoke(handler, 'bad'))
  assert.equal(flushed.length, 2)
})

test('an answer in pieces leaves in one', async () => {
  async function* lines() {
    yield 'one\n'
    yield 'two\n'
  }
  const handler = serveApi(() => async () => ({ statusCode: 200, headers: {}, body: lines() }), {})
  const event = {} as Parameters<typeof handler>[0]
  assert.equal((await invoke(handler, event)).body, 'one\ntwo\n')
})

test('an answer that goes on without an end is cut where Lambda would refuse it, and its source is let go', async () => {
  let ended = false
  async function* endless() {
    try {
      for (;;) yield 'x'.repeat(100_000)
    } finally {
      ended = true
    }
  }
  const { body } = await whole({ statusCode: 200, headers: {}, body: endless() })
  assert.ok(body.length >= 4_000_000 && body.length < 6_000_000)
  assert.ok(ended)
})

test('an answer that pauses leaves as far as it has come, and its source is let go', async () => {
  const gone = Promise.withResolvers<void>()
  async function* lines() {
    yield 'one\n'
    yield 'two\n'
    await gone.promise
  }
  const body: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => {
      const iterator = lines()
      const release = () => {
        gone.resolve()
        return iterator.return()
      }
      return { next: () => iterator.next(), return: release }
    },
  }
  assert.equal((await whole({ statusCode: 200, headers: {}, body })).body, 'one\ntwo\n')
  await gone.promise
})
