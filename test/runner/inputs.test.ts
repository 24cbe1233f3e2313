import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Completion, Input } from '../../protocol/calls.ts'
import type { NextRequest, NextResponse } from '../../protocol/runtime.ts'
import type { ControlPlane } from '../../runner/control-plane.ts'
import { Inputs } from '../../runner/inputs.ts'

const LIMIT = { timeout: 10_000 }
const ROOM = 3

test(
  'a call costs one request, though there is room for more: another one waits already',
  LIMIT,
  async () => {
    const plane = new Plane()
    const first = await plane.asked()
    assert.equal(first.free, ROOM)
    await first.give('a')
    const second = await plane.asked()
    assert.deepEqual([second.free, second.completed], [ROOM - 1, []], 'nobody waits now, so it asks at once')
    plane.end('a')
    const third = await plane.asked()
    assert.deepEqual([third.free, third.completed], [1, ['a']])

    await second.give('b')
    // It sees to what has changed in the turn after the one that it was told in.
    await nextTurn()
    await nextTurn()
    assert.equal(plane.requests, 3, 'another one waits')
    plane.end('b')
    const fourth = await plane.asked()
    assert.deepEqual(
      [fourth.free, fourth.completed],
      [ROOM - 1, ['b']],
      'what was free goes with the outcome',
    )
    assert.equal(plane.requests, 4)
  },
)

test(
  'what it was told where it waited is passed on at once, while it waits elsewhere too',
  LIMIT,
  async (t) => {
    const server = createServer((request, response) => {
      if (request.url === '/told') response.end('there is work')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.closeAllConnections())
    t.after(() => server.close())
    const at = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`

    const plane = new Plane()
    await (await plane.asked()).give('a')
    ;(await plane.asked()).sendTo(at('silent'))
    plane.end('a')
    ;(await plane.asked()).sendTo(at('told'))
    assert.equal((await plane.asked()).wake, 'there is work')
  },
)

interface Asked {
  free: number
  wake: string | undefined
  /** The ids of the calls whose outcomes came with it. */
  completed: string[]
  /** Resolves once it is begun. */
  give: (callId: string) => Promise<void>
  sendTo: (waitAt: string) => void
}

/** What the runner asks, answered by the test. */
class Plane {
  requests = 0
  readonly #inputs: Inputs
  readonly #running = new Set<string>()
  readonly #asked: Asked[] = []
  #onAsked: () => void = () => undefined
  #onBegun: () => void = () => undefined

  constructor() {
    const control = { next: (request: NextRequest) => this.#next(request) } as unknown as ControlPlane
    this.#inputs = new Inputs({
      control,
      room: () => ROOM - this.#running.size,
      begin: ({ callId }) => {
        this.#running.add(callId)
        this.#onBegun()
      },
      obey: () => undefined,
      onDelivered: () => undefined,
      onFailure: (error) => assert.fail(String(error)),
    })
    this.#inputs.look()
  }

  /** The next request that there is, or will be. */
  async asked(): Promise<Asked> {
    while (this.#asked.length === 0) await new Promise<void>((resolve) => (this.#onAsked = resolve))
    return this.#asked.shift() as Asked
  }

  end(callId: string): void {
    this.#running.delete(callId)
    const outcome: Completion['outcome'] = { status: 'succeeded', result: { json: '1' } }
    this.#inputs.report({ callId, lease: `le-${callId}`, outcome })
  }

  #next({ free, wake, completed }: NextRequest): Promise<NextResponse> {
    this.requests += 1
    const answer = Promise.withResolvers<NextResponse>()
    this.#asked.push({
      free,
      wake,
      completed: completed.map(({ callId }) => callId),
      give: (callId) => {
        answer.resolve({ inputs: [inputOf(callId)], directive: 'work' })
        return new Promise((resolve) => (this.#onBegun = resolve))
      },
      sendTo: (waitAt) => answer.resolve({ inputs: [], directive: 'work', waitAt }),
    })
    this.#onAsked()
    return answer.promise
  }
}

const inputOf = (callId: string): Input => ({
  callId,
  lease: `le-${callId}`,
  attempt: 1,
  waitedMs: 0,
  args: { json: '[]' },
  pinned: false,
})
