import type { IncomingMessage } from 'node:http'
import type { WaitedFor } from '../../../control/call-store-port.ts'
import type { Endpoint, Ingress, Target } from '../../../control/ports.ts'
import type { EndpointOwner } from '../../../control/store-port.ts'
import type { ErrorCode } from '../../../protocol/errors.ts'
import { type AppKey, appLabel } from '../../../protocol/names.ts'
import { otherVersion, VERSION_HEADER } from '../../../protocol/version-header.ts'
import { answer } from './answers.ts'
import type { Exchange } from './exchange.ts'
import { forward, type Outcome } from './forward.ts'
import { Front } from './front.ts'
import { labelOf, Routes } from './routes.ts'
import { type Upstream, Upstreams } from './upstreams.ts'
import { WaitingRoom } from './waiting.ts'

/** Between two tries to reach a container's process. */
const AGAIN_MS = 100

export interface LocalIngressOptions {
  /** How many requests wait for a container of the function, whenever that has changed. */
  onWaiting(whom: WaitedFor, waiting: number): void
  /** The container is no target any more, and the last request in it has ended. */
  onReleased(owner: EndpointOwner, containerId: string): void
  /** Milliseconds that a request waits for a container, or for its process to come back. */
  coldStartTimeoutMs: number
  host?: string
}

/** Routes by the host's first label, on one port: `http://<label>.localhost:<port>`. */
export class LocalIngress implements Ingress {
  readonly #host: string
  readonly #coldStartTimeoutMs: number
  readonly #front = new Front((exchange) => this.#admit(exchange))
  readonly #routes = new Routes<Upstream>()
  readonly #upstreams: Upstreams
  readonly #waiting: WaitingRoom
  #port = 0
  #closing = false

  constructor({ onWaiting, onReleased, coldStartTimeoutMs, host = '127.0.0.1' }: LocalIngressOptions) {
    this.#host = host
    this.#coldStartTimeoutMs = coldStartTimeoutMs
    this.#upstreams = new Upstreams(onReleased)
    this.#waiting = new WaitingRoom(onWaiting, coldStartTimeoutMs)
  }

  /** Listens on the port, or on any free one for 0; returns it. */
  async listen(port: number): Promise<number> {
    this.#port = await this.#front.listen(this.#host, port)
    return this.#port
  }

  /** Takes no new connection, gives what is in flight 5 seconds, then breaks it off. */
  async close(): Promise<void> {
    this.#closing = true
    const closed = this.#front.close()
    this.#waiting.recallAll()
    await closed
    await this.#upstreams.destroy()
  }

  url(label: string): string {
    return `http://${label}.localhost:${this.#port}`
  }

  /** Takes effect before it returns its promise: from then on no request goes to an earlier target. */
  async point(endpoint: Endpoint, targets: Target[], fault?: string): Promise<'pointed'> {
    if (!this.#routes.mayPoint(endpoint)) return 'pointed'
    const upstreams = this.#upstreams.enlist(endpoint, targets)
    const before = this.#routes.set({ endpoint, targets: upstreams, fault })
    if (upstreams.length > 0 || fault !== undefined) this.#waiting.recall(endpoint.label)
    if (before) this.#upstreams.dismiss(before.targets)
    return 'pointed'
  }

  async remove(key: AppKey, turn: number, keepLabels: string[]): Promise<void> {
    for (const { endpoint, targets } of this.#routes.remove(key, turn, keepLabels)) {
      this.#waiting.recall(endpoint.label)
      this.#upstreams.dismiss(targets)
    }
  }

  async isReleased(containerId: string): Promise<boolean> {
    return this.#upstreams.isReleased(containerId)
  }

  /** Finds the request a target, a place to wait, or an answer. */
  #admit(exchange: Exchange, failed?: Attempt): void {
    const route = this.#routes.find(labelOf(exchange.host), versionAskedFor(exchange.request))
    const upstream = route && this.#routes.choose(route, failed?.upstream)
    const fault = this.#closing ? 'Sluice is shutting down; try again later.' : route?.fault
    if (!route) this.#answer(exchange, 'endpoint_not_found', this.#notServed(exchange))
    else if (upstream) this.#send(exchange, upstream, failed)
    else if (fault !== undefined) this.#answer(exchange, 'endpoint_unavailable', fault)
    else this.#wait(exchange, route.endpoint)
  }

  #send(exchange: Exchange, upstream: Upstream, failed: Attempt | undefined): void {
    this.#upstreams.begin(upstream)
    forward(exchange, upstream.pool, this.#port, (outcome) => {
      const isKnown = failed?.isKnown || outcome !== 'unreached'
      const attempt = { upstream, isKnown, since: failed?.since ?? performance.now() }
      if (outcome === 'over') this.#hangUpIfClosing(exchange)
      else if (!this.#maySendAgain(outcome, failed))
        this.#answer(exchange, 'endpoint_unreachable', whatBroke(isKnown, upstream.owner))
      else if (!failed) this.#admit(exchange, attempt)
      else this.#admitLater(exchange, attempt)
      this.#upstreams.end(upstream)
    })
  }

  /**
   * Only once where a container may know of the request; else for as long as a request waits for a container: the
   * author's process may be on its way back.
   */
  #maySendAgain(outcome: Outcome, failed: Attempt | undefined): boolean {
    if (outcome !== 'unreached') return outcome === 'lost' && !failed?.isKnown
    return (
      !this.#closing && performance.now() - (failed?.since ?? performance.now()) < this.#coldStartTimeoutMs
    )
  }

  #admitLater(exchange: Exchange, failed: Attempt): void {
    setTimeout(() => {
      if (!exchange.request.socket.destroyed) this.#admit(exchange, failed)
    }, AGAIN_MS)
  }

  #wait(exchange: Exchange, endpoint: Endpoint): void {
    const { socket } = exchange.request
    const leave = this.#waiting.enter(endpoint, {
      onChange: () => {
        socket.off('close', leave)
        this.#admit(exchange)
      },
      onTimeout: () => {
        socket.off('close', leave)
        this.#answer(exchange, 'endpoint_timeout', this.#waitedInVain(endpoint))
      },
    })
    socket.on('close', leave)
  }

  #answer(exchange: Exchange, code: ErrorCode, detail: string): void {
    if (this.#closing) exchange.response.shouldKeepAlive = false
    answer(exchange, code, detail)
  }

  #hangUpIfClosing({ request }: Exchange): void {
    if (this.#closing) request.socket.destroySoon()
  }

  #notServed({ host, request }: Exchange): string {
    const versions = this.#routes.versions(labelOf(host))
    const asked = versionAskedFor(request)
    if (asked !== undefined && versions.length > 0) return otherVersion(asked, versions)
    return `No app is served at "${host}". Addresses look like ${this.url('<label>')}; \`sluice app list\` names those in use.`
  }

  #waitedInVain(owner: EndpointOwner): string {
    const seconds = this.#coldStartTimeoutMs / 1000
    return `No container of ${owner.function} became ready within ${seconds} s. ${seeLogs(owner)}`
  }
}

/** A container that has had its chance with a request, and what came of it. */
interface Attempt {
  upstream: Upstream
  /** Whether any container may know of the request. */
  isKnown: boolean
  /** When the first of them failed; as `performance.now` has it. */
  since: number
}

function whatBroke(isKnown: boolean, owner: EndpointOwner): string {
  const what = isKnown
    ? `The connection to the container of ${owner.function} broke before it answered; it may have acted on the request.`
    : `The container of ${owner.function} took no connection, so it knows nothing of the request.`
  return `${what} ${seeLogs(owner)}`
}

/** Twice given, it names no version that there is. */
function versionAskedFor({ headers }: IncomingMessage): string | undefined {
  const asked = headers[VERSION_HEADER]
  return typeof asked === 'string' ? asked : asked?.join(',')
}

const seeLogs = (owner: EndpointOwner): string => `\`sluice app logs ${appLabel(owner)}\` may say why.`
