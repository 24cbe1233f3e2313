import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { App, Container } from '../../control/model.ts'
import { makeWebRequestWaitingHandler } from '../../lambdas/handlers/web-request-waiting.ts'
import type { SoughtEndpoint, WaitingPorts } from '../../lambdas/waiting-visit.ts'
import type { ForwardRequest, ForwardResult } from '../../protocol/forwarding.ts'

const OWNER = { env: 'main', app: 'shop', function: 'web' }
const HOST = 'shop-web.apps.example.com'
const LIVE = 2

const EVENT = {
  requestContext: { elb: { targetGroupArn: 'arn' } },
  httpMethod: 'GET',
  path: '/a%20b',
  multiValueQueryStringParameters: { q: ['1', '2'], empty: [''] },
  multiValueHeaders: { Host: [HOST], 'X-Note': ['one', 'two'] },
  body: '',
  isBase64Encoded: false,
}

const ANSWERED: ForwardResult = {
  kind: 'answered',
  status: 201,
  headers: { 'set-cookie': ['a', 'b'] },
  body: 'AP8=',
}

interface World {
  endpoint: SoughtEndpoint | undefined
  containers: Partial<Container>[]
  /** What containers answer, one after the other; the last goes on. */
  answers: ForwardResult[]
  /** Called as time goes by, with the seconds since the beginning. */
  at?: (seconds: number) => void
}

/** A function and its containers, in a time that goes by as fast as it is waited for. */
function scene(world: Partial<World> = {}) {
  let now = 0
  const waiting: number[] = []
  const sent: ForwardRequest[] = []
  const known: World = {
    endpoint: { owner: OWNER, version: 1, path: EVENT.path, fault: undefined, isServed: false },
    containers: [],
    answers: [ANSWERED],
    ...world,
  }
  const ports = {
    clock: { now: () => now },
    pause: async (ms: number) => {
      now += ms
      known.at?.(now / 1000)
    },
    worklist: { add: async () => {} },
    ingress: { url: (label: string) => `https://${label}.apps.example.com` },
    endpoints: { find: async () => known.endpoint },
    forwarder: {
      send: async (request: ForwardRequest) => {
        sent.push(request)
        return (known.answers.length > 1 ? known.answers.shift() : known.answers[0]) as ForwardResult
      },
    },
    store: {
      app: async () => ({ liveVersion: LIVE }) as App,
      containers: async () => known.containers as Container[],
      setWaiting: async (_: unknown, count: number) => {
        waiting.push(count)
      },
    },
  }
  const handle = makeWebRequestWaitingHandler(ports as unknown as WaitingPorts)
  return {
    handle: (event: object = {}) => handle({ ...EVENT, ...event }),
    world: known,
    sent,
    waiting,
    elapsed: () => now,
  }
}

function container(id: string, more: Partial<Container> = {}): Partial<Container> {
  return { id, ...OWNER, version: LIVE, state: 'ready', address: `${id}:8080`, requests: 0, ...more }
}

describe('A web request that comes before its container', () => {
  it('has one started, goes there as it came as soon as it is ready, and then waits no more', async () => {
    const { handle, world, sent, waiting } = scene({
      at: (seconds) => {
        world.containers = [container('co-1', { state: seconds < 20 ? 'starting' : 'ready' })]
      },
    })
    const result = await handle({ httpMethod: 'POST', body: 'payload' })
    assert.deepEqual(result, {
      statusCode: 201,
      multiValueHeaders: { 'set-cookie': ['a', 'b'] },
      body: 'AP8=',
      isBase64Encoded: true,
    })
    const [{ timeoutMs, ...request } = { timeoutMs: 0 }, ...others] = sent
    assert.deepEqual(
      [request, others],
      [
        {
          address: 'co-1:8080',
          method: 'POST',
          path: '/a%20b?q=1&q=2&empty=',
          headers: { host: [HOST], 'x-note': ['one', 'two'] },
          body: Buffer.from('payload').toString('base64'),
        },
        [],
      ],
    )
    assert.deepEqual(waiting, [1, 1, 0])
  })

  it('that asks for a version goes to that one, and to no other', async () => {
    const staged = { owner: { ...OWNER, pin: 5 }, version: 5, path: '/', fault: undefined, isServed: false }
    const { handle, sent, world } = scene({
      endpoint: staged,
      containers: [container('co-live'), container('co-staged', { version: 5 })],
    })
    const asking = (version: string) => ({
      multiValueHeaders: { ...EVENT.multiValueHeaders, 'Sluice-Version': [version] },
    })
    await handle(asking('5'))
    assert.deepEqual(
      sent.map(({ address }) => address),
      ['co-staged:8080'],
    )
    world.endpoint = { ...staged, owner: OWNER, version: LIVE }
    const refused = await handle(asking('7'))
    assert.equal(refused.statusCode, 404)
    assert.match(refused.body, /Version \\"7\\".*neither live nor staged here: v2 is/)
    assert.equal(sent.length, 1)
  })

  it('says nothing of waiting where a container is ready already, and takes the least busy one of the live version', async () => {
    const { handle, sent, waiting } = scene({
      containers: [
        container('co-old', { version: LIVE - 1 }),
        container('co-other', { function: 'api' }),
        container('co-busy', { requests: 3 }),
        container('co-free'),
        container('co-draining', { state: 'draining' }),
      ],
    })
    await handle()
    assert.deepEqual([sent.map(({ address }) => address), waiting], [['co-free:8080'], []])
  })

  it('goes elsewhere where a container takes no connection', async () => {
    const { handle, sent } = scene({
      containers: [container('co-gone'), container('co-2', { requests: 1 })],
      answers: [{ kind: 'unreached' }, ANSWERED],
    })
    assert.equal((await handle({ httpMethod: 'POST' })).statusCode, 201)
    assert.deepEqual(
      sent.map(({ address }) => address),
      ['co-gone:8080', 'co-2:8080'],
    )
  })

  it('is sent once more where a connection broke, but only what may be repeated', async () => {
    const broken: ForwardResult = { kind: 'broken' }
    const lucky = scene({ containers: [container('co-1')], answers: [broken, ANSWERED] })
    assert.equal((await lucky.handle()).statusCode, 201)
    const unlucky = scene({ containers: [container('co-1')], answers: [broken] })
    assert.deepEqual([(await unlucky.handle()).statusCode, unlucky.sent.length], [502, 2])
    const posted = scene({ containers: [container('co-1')], answers: [broken] })
    assert.deepEqual([(await posted.handle({ httpMethod: 'POST' })).statusCode, posted.sent.length], [502, 1])
  })

  it('is asked to come again where no container becomes ready in a minute', async () => {
    const { handle, elapsed } = scene()
    const { statusCode, multiValueHeaders, body } = await handle()
    assert.deepEqual([statusCode, multiValueHeaders['retry-after']], [503, ['5']])
    assert.match(JSON.parse(body).detail, /`sluice app logs shop`/)
    assert.ok(elapsed() < 60_000)
  })

  it('is told why there will be no container, as soon as that is known', async () => {
    const { handle, world } = scene({
      at: () => {
        if (world.endpoint) world.endpoint.fault = 'v2 of web could not start.'
      },
    })
    const { statusCode, body, multiValueHeaders } = await handle({
      multiValueHeaders: { ...EVENT.multiValueHeaders, accept: ['text/html'] },
    })
    assert.deepEqual([statusCode, multiValueHeaders['content-type']], [503, ['text/html; charset=utf-8']])
    assert.match(body, /v2 of web could not start\./)
  })

  it('is not found where nobody is at home any more', async () => {
    const { handle } = scene({ endpoint: undefined })
    const { statusCode, body } = await handle()
    assert.equal(statusCode, 404)
    assert.match(JSON.parse(body).detail, new RegExp(`"${HOST}".*https://<label>.apps.example.com`))
  })

  it('is sent on to the container itself where the answer cannot go this way, once it is reachable', async () => {
    const { handle, world } = scene({
      containers: [container('co-1')],
      answers: [{ kind: 'unfit' }],
      at: (seconds) => {
        if (world.endpoint) world.endpoint.isServed = seconds > 10
      },
    })
    const { statusCode, multiValueHeaders } = await handle()
    assert.deepEqual([statusCode, multiValueHeaders.location], [307, ['/a%20b?q=1&q=2&empty=']])
  })

  it('is not repeated for the sake of its answer where that could do harm', async () => {
    const { handle } = scene({ containers: [container('co-1')], answers: [{ kind: 'unfit' }] })
    const { statusCode, body } = await handle({ httpMethod: 'POST' })
    assert.equal(statusCode, 502)
    assert.match(JSON.parse(body).detail, /acted on the request.*minContainers/)
  })

  it('is refused where the target group was not set up for it', async () => {
    await assert.rejects(
      scene().handle({ multiValueHeaders: undefined, headers: { host: HOST } }),
      /multiValueHeaders/,
    )
  })
})
