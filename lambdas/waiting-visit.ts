import type { WaitedFor } from '../control/call-store-port.ts'
import type { Container } from '../control/model.ts'
import type { Ingress, Needs } from '../control/ports.ts'
import type { EndpointOwner } from '../control/store-port.ts'
import { setWaiting } from '../control/wake.ts'
import type { ErrorCode } from '../protocol/errors.ts'
import type { ForwardRequest, ForwardResult } from '../protocol/forwarding.ts'
import { appLabel } from '../protocol/names.ts'
import { otherVersion, VERSION_HEADER } from '../protocol/version-header.ts'
import { webAnswer } from '../protocol/web-answer.ts'
import { type BalancerResult, toBalancer, type WaitingRequest } from './balancer-event.ts'

/** What a request waits for a container: most clients and proxies give up after a minute. */
const WAIT_MS = 55_000
/** What a container is given to answer in full. */
const ANSWER_MS = 120_000
/** Between two looks for a container. */
const LOOK_MS = { first: 250, most: 1_000 } as const
const SAY_AGAIN_MS = 15_000
/** What a client that is sent on waits for its container to be reachable without us, and all of the load balancer's nodes to know. */
const SEND_ON_MS = 20_000
const NODES_MS = 3_000
const RETRY_AFTER_SECONDS = 5

const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD'])

export interface SoughtEndpoint {
  owner: WaitedFor
  /** The version that serves it. */
  version: number
  /** What the container is to see of the path. */
  path: string
  /** Why there will be no container. */
  fault: string | undefined
  /** Whether requests go to containers without coming here. */
  isServed: boolean
}

interface Sought {
  host: string
  path: string
  /** The version that alone may answer it, where it asks for one. */
  version?: string
}

export interface WaitingPorts extends Needs<'store' | 'worklist' | 'clock'> {
  ingress: Pick<Ingress, 'url'>
  endpoints: { find(sought: Sought): Promise<SoughtEndpoint | undefined> }
  forwarder: { send(request: ForwardRequest): Promise<ForwardResult> }
  pause?: (ms: number) => Promise<void>
}

type Means = WaitingPorts & Required<Pick<WaitingPorts, 'pause'>>

/**
 * One request, from its arrival to its answer.
 *
 * How many wait is not counted: each request is in a process of its own, and one that died would be counted for ever. While
 * there is no container, each says time and again that one request waits, which is enough for one to be started; what
 * was said is forgotten by the store if nobody repeats it. Whoever sees a container takes it back, since then nobody
 * waits any more: all go to that container, which counts its requests, and by those more are started.
 */
export class WaitingVisit {
  readonly #means: Means
  readonly #request: WaitingRequest
  readonly #sought: Sought
  readonly #unreached = new Map<string, number>()
  #saidAt: number | undefined
  #hasBroken = false

  constructor(means: Means, request: WaitingRequest) {
    this.#means = means
    this.#request = request
    const asked = request.headers[VERSION_HEADER]
    this.#sought = { ...request, ...(asked && { version: asked.join(',') }) }
  }

  async answer(): Promise<BalancerResult> {
    const { endpoints, clock, pause } = this.#means
    const deadline = clock.now() + WAIT_MS
    for (let interval: number = LOOK_MS.first; ; interval = Math.min(interval * 1.5, LOOK_MS.most)) {
      const endpoint = await endpoints.find(this.#sought)
      const refusal = this.#refuse(endpoint)
      if (!endpoint || refusal !== undefined) return this.#own('endpoint_not_found', refusal ?? '')
      if (endpoint.fault !== undefined) return this.#own('endpoint_unavailable', endpoint.fault)
      const container = await this.#ready(endpoint)
      const result = container && (await this.#forward(endpoint, container))
      if (result) return result
      if (clock.now() >= deadline) return this.#notYet(endpoint.owner)
      if (!container) await this.#sayWaiting(endpoint.owner)
      await pause(interval)
    }
  }

  #refuse(endpoint: SoughtEndpoint | undefined): string | undefined {
    if (!endpoint) return this.#strangeHost()
    const { version: asked } = this.#sought
    return asked === undefined || asked === String(endpoint.version)
      ? undefined
      : otherVersion(asked, [String(endpoint.version)])
  }

  /** The least busy container of the version that is asked for; one that took no connection comes last. */
  async #ready({ owner }: SoughtEndpoint): Promise<Container | undefined> {
    const { store } = this.#means
    const [app, containers] = await Promise.all([store.app(owner), store.containers(owner)])
    const wanted = owner.pin ?? app?.liveVersion
    const ready = containers.filter(
      ({ function: name, version, state, address }) =>
        name === owner.function && version === wanted && state === 'ready' && address !== undefined,
    )
    const failures = ({ id }: Container) => this.#unreached.get(id) ?? 0
    return ready.toSorted((a, b) => failures(a) - failures(b) || a.requests - b.requests)[0]
  }

  async #sayWaiting(owner: WaitedFor): Promise<void> {
    const now = this.#means.clock.now()
    if (this.#saidAt !== undefined && now - this.#saidAt < SAY_AGAIN_MS) return
    this.#saidAt = now
    await setWaiting(this.#means, owner, 1)
  }

  async #takeBack(owner: WaitedFor): Promise<void> {
    if (this.#saidAt === undefined) return
    this.#saidAt = undefined
    await setWaiting(this.#means, owner, 0)
  }

  /** Undefined where no container can have begun to act on the request, or it may be repeated. */
  async #forward({ owner, path }: SoughtEndpoint, container: Container): Promise<BalancerResult | undefined> {
    await this.#takeBack(owner)
    const { method, query, headers, body } = this.#request
    const sent = { method, path: path + query, headers, body, timeoutMs: ANSWER_MS }
    const result = await this.#means.forwarder.send({ ...sent, address: container.address ?? '' })
    return this.#resultOf(result, owner, container)
  }

  async #resultOf(
    result: ForwardResult,
    owner: EndpointOwner,
    { id }: Container,
  ): Promise<BalancerResult | undefined> {
    const container = `The container of ${owner.function}`
    switch (result.kind) {
      case 'answered':
        return {
          statusCode: result.status,
          multiValueHeaders: result.headers,
          body: result.body,
          isBase64Encoded: true,
        }
      case 'unreached':
        this.#unreached.set(id, (this.#unreached.get(id) ?? 0) + 1)
        return undefined
      case 'broken':
        if (this.#isRepeatable() && !this.#hasBroken) return this.#again()
        return this.#own(
          'endpoint_unreachable',
          `${container} broke off before it had answered; it may have acted on the request. ${seeLogs(owner)}`,
        )
      case 'late':
        return this.#own(
          'endpoint_timeout',
          `${container} did not answer within ${ANSWER_MS / 1000} s, which is what a request that wakes a function is given. ${seeLogs(owner)}`,
        )
      case 'unfit':
        return this.#isRepeatable() ? this.#sendOn(owner) : this.#tooLarge(owner)
    }
  }

  #isRepeatable(): boolean {
    return REPEATABLE.has(this.#request.method)
  }

  #again(): undefined {
    this.#hasBroken = true
    return undefined
  }

  /** Has the client ask again, once its request goes to the container by itself. */
  async #sendOn(owner: EndpointOwner): Promise<BalancerResult> {
    const { endpoints, clock, pause } = this.#means
    const deadline = clock.now() + SEND_ON_MS
    for (;;) {
      const endpoint = await endpoints.find(this.#sought)
      if (endpoint?.isServed) break
      if (clock.now() >= deadline) return this.#notYet(owner)
      await pause(LOOK_MS.most)
    }
    await pause(NODES_MS)
    const location = [this.#request.path + this.#request.query]
    const multiValueHeaders = { location, 'cache-control': ['no-store'] }
    return { statusCode: 307, multiValueHeaders, body: '', isBase64Encoded: false }
  }

  #tooLarge({ function: name }: EndpointOwner): BalancerResult {
    return this.#own(
      'endpoint_unreachable',
      `${name} acted on the request, but its answer is a stream or too large for one that wakes a function. Ask again: by now its container answers by itself. With minContainers it always does.`,
    )
  }

  #notYet(owner: EndpointOwner): BalancerResult {
    const detail = `No container of ${owner.function} became ready in time; one may still be starting. Try again in some seconds. ${seeLogs(owner)}`
    const { multiValueHeaders, ...rest } = this.#own('endpoint_unavailable', detail)
    return {
      ...rest,
      multiValueHeaders: { ...multiValueHeaders, 'retry-after': [String(RETRY_AFTER_SECONDS)] },
    }
  }

  #strangeHost(): string {
    const { ingress } = this.#means
    return `No app is served at "${this.#request.host}". Addresses look like ${ingress.url('<label>')}; \`sluice app list\` names those in use.`
  }

  #own(code: ErrorCode, detail: string): BalancerResult {
    return toBalancer(webAnswer(this.#request.headers.accept?.join(',') ?? '', code, detail))
  }
}

const seeLogs = (owner: EndpointOwner): string => `\`sluice app logs ${appLabel(owner)}\` may say why.`
