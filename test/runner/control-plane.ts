import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import type { Input, Outcome } from '../../protocol/calls.ts'
import { FunctionSpec, type FunctionSpecInput } from '../../protocol/manifest.ts'
import {
  type BootResponse,
  type Directive,
  ExitRequest,
  HeartbeatRequest,
  type HeartbeatResponse,
  JudgeRequest,
  type JudgeResponse,
  NextRequest,
  type NextResponse,
  ReadyRequest,
  UploadRequest,
} from '../../protocol/runtime.ts'
import { lastingPort } from '../fixtures/lasting-port.ts'
import { Changes } from './changes.ts'
import { Gates } from './gates.ts'

/** What the container is to be. */
export interface Assignment {
  function: string
  spec?: Partial<FunctionSpecInput>
  /** Its files by their paths; the first is the bundle. */
  files: Record<string, string | Uint8Array>
}

/** A control plane for one container: it speaks the runtime API, does what the test says, and remembers what it hears. */
export class ControlPlane {
  readonly changes = new Changes()
  readonly gates = new Gates(this.changes)
  /** The calls whose outcomes were told, also where nobody asked for them any more. */
  readonly reported: string[] = []
  readonly outcomes = new Map<string, Outcome>()
  readonly heartbeats: HeartbeatRequest[] = []
  readonly blobs = new Map<string, Buffer>()
  readonly wakes: string[] = []
  /** Whose tokens it was asked about. */
  readonly judged: string[] = []
  readonly verdicts = new Map<string, JudgeResponse | Promise<JudgeResponse>>()
  /** How often it was asked for inputs or given outcomes. */
  exchanges = 0
  /** The most inputs that the container ran or could have been given at once. */
  mostCommitted = 0
  address: string | undefined
  isReady = false
  lastWord: z.infer<typeof ExitRequest> | undefined
  directive: Directive = 'work'
  /** The status that every request is refused with. */
  refusal: number | undefined
  /** Does not hold a request for inputs, but names an address to wait at. */
  waitsElsewhere = false
  /** Milliseconds that a request is held at most. Short, since each heartbeat brings news of the container. */
  holdMs = 300
  /** Milliseconds that it takes to accept outcomes. */
  acceptanceMs = 0
  isWaitedAt = false
  /** Seconds between two reports of usage. */
  reportEvery = 0
  /** The path of a file whose content is not what is announced. */
  tampered: string | undefined
  readonly #assignment: Assignment
  readonly #host: string
  readonly #server: Server
  readonly #inputs: Input[] = []
  readonly #given = new Map<string, string>()
  readonly #revoked = new Set<string>()
  /** Ends of requests that are held, for when nobody waits for their answers any more. */
  readonly #letGo = new Set<() => void>()
  #offered = 0
  #port = 0

  /** @param host where it listens: elsewhere than here for containers that have a network of their own */
  constructor(assignment: Assignment, host = '127.0.0.1') {
    this.#assignment = assignment
    this.#host = host
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        response.writeHead(400, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ code: 'invalid_request', detail: String(error) }))
      })
    })
  }

  get url(): string {
    return `http://${this.#host}:${this.#port}`
  }

  /** Also after it went away: under the same address. */
  async listen(): Promise<void> {
    this.#port ||= await lastingPort()
    this.#server.listen(this.#port, this.#host)
    await once(this.#server, 'listening')
  }

  async goAway(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    this.gates.forget()
    for (const letGo of this.#letGo) letGo()
    await once(this.#server, 'close')
  }

  /** Has the function called. */
  async call(callId: string, args: unknown[], { byUrl = false } = {}): Promise<Outcome> {
    const json = JSON.stringify(args)
    const payload = byUrl ? { url: `${this.url}/blobs/${this.#store(json)}` } : { json }
    this.#inputs.push({
      callId,
      lease: `le-${callId}`,
      attempt: 1,
      waitedMs: 0,
      args: payload,
      pinned: false,
    })
    this.changes.tell()
    await this.changes.until(() => this.outcomes.has(callId))
    return this.outcomes.get(callId) as Outcome
  }

  revoke(callId: string): void {
    this.#revoked.add(`le-${callId}`)
    this.#given.delete(`le-${callId}`)
    this.changes.tell()
  }

  direct(directive: Directive): void {
    this.directive = directive
    this.changes.tell()
  }

  /** A blob's content, as the JSON that it holds. */
  blob(sha256: string): unknown {
    return JSON.parse(String(this.blobs.get(sha256)))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, room = '', name = ''] = new URL(request.url ?? '', this.url).pathname.split('/')
    const body = await buffer(request)
    if (room === 'gate') return this.gates.enter(new URL(request.url ?? '', this.url), response)
    if (room === 'blobs') return this.#serveBlob(request.method, name, body, response)
    if (room === 'wait') return this.#serveWait(response)
    if (this.refusal !== undefined) return void response.writeHead(this.refusal).end()
    const answer = await this.#answer(request.url?.split('/').at(-1) ?? '', JSON.parse(String(body)))
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  }

  async #answer(name: string, body: unknown): Promise<unknown> {
    switch (name) {
      case 'boot':
        return this.#boot()
      case 'ready':
        return this.#ready(ReadyRequest.parse(body))
      case 'next':
        return this.#next(NextRequest.parse(body))
      case 'heartbeat':
        return this.#heartbeat(HeartbeatRequest.parse(body))
      case 'upload': {
        const { sha256 } = UploadRequest.parse(body)
        return this.blobs.has(sha256) ? {} : { uploadUrl: `${this.url}/blobs/${sha256}` }
      }
      case 'judge': {
        const { token } = JudgeRequest.parse(body)
        this.judged.push(token)
        this.changes.tell()
        return this.verdicts.get(token) ?? { verdict: 'refused', status: 401, detail: 'It is not known.' }
      }
      case 'exit':
        this.lastWord = ExitRequest.parse(body)
        return {}
      default:
        throw new Error(`there is no ${name}`)
    }
  }

  #boot(): BootResponse {
    const { function: name, spec, files } = this.#assignment
    const [entry = ''] = Object.keys(files)
    return {
      env: 'main',
      app: 'fixture',
      function: name,
      version: 7,
      spec: FunctionSpec.parse({ kind: 'plain', ...spec }),
      entry,
      signingKey: 'signing-key',
      reportEvery: this.reportEvery,
      files: Object.entries(files).map(([path, content]) => {
        const sha256 = this.#store(content)
        const served = path === this.tampered ? this.#store('something else') : sha256
        return { path, sha256, size: content.length, url: `${this.url}/blobs/${served}` }
      }),
    }
  }

  #ready({ address }: z.infer<typeof ReadyRequest>): { directive: Directive } {
    this.address = address
    this.isReady = true
    this.changes.tell()
    return { directive: this.directive }
  }

  async #next({ completed, free, wake }: NextRequest): Promise<NextResponse> {
    this.exchanges += 1
    if (wake !== undefined) this.wakes.push(wake)
    if (completed.length > 0 && this.acceptanceMs > 0) await sleep(this.acceptanceMs)
    for (const { callId, lease, outcome } of completed) {
      this.reported.push(callId)
      if (!this.#given.delete(lease)) continue
      this.outcomes.set(callId, outcome)
    }
    this.changes.tell()
    this.#offered += free
    this.mostCommitted = Math.max(this.mostCommitted, this.#offered + this.#given.size)
    if (!this.waitsElsewhere)
      await this.#held(() => free === 0 || this.#hasWork() || this.directive !== 'work')
    this.#offered -= free
    const inputs = this.directive === 'work' ? this.#inputs.splice(0, free) : []
    for (const { lease, callId } of inputs) this.#given.set(lease, callId)
    const elsewhere = this.waitsElsewhere && inputs.length === 0 && free > 0
    return { inputs, directive: this.directive, ...(elsewhere && { waitAt: `${this.url}/wait` }) }
  }

  async #heartbeat(pulse: HeartbeatRequest): Promise<HeartbeatResponse> {
    this.heartbeats.push(pulse)
    this.changes.tell()
    const revoked = () => pulse.running.filter((lease) => this.#revoked.has(lease))
    const isNews = () => this.directive === 'exit' || (this.directive === 'drain' && !pulse.draining)
    await this.#held(() => revoked().length > 0 || isNews())
    return { directive: this.directive, revoked: revoked(), after: 0 }
  }

  async #held(isOver: () => boolean): Promise<void> {
    const timeout = Promise.withResolvers<void>()
    const timer = setTimeout(timeout.resolve, this.holdMs)
    this.#letGo.add(timeout.resolve)
    await Promise.race([this.changes.until(isOver), timeout.promise])
    this.#letGo.delete(timeout.resolve)
    clearTimeout(timer)
  }

  #hasWork(): boolean {
    return this.#inputs.length > 0
  }

  async #serveWait(response: ServerResponse): Promise<void> {
    this.isWaitedAt = true
    this.changes.tell()
    await this.#held(() => this.#hasWork())
    response.end('there is work')
  }

  #serveBlob(method: string | undefined, sha256: string, body: Buffer, response: ServerResponse): void {
    if (method === 'PUT') this.blobs.set(sha256, body)
    const content = this.blobs.get(sha256)
    response.writeHead(content ? 200 : 404).end(method === 'PUT' ? undefined : content)
  }

  #store(content: string | Uint8Array): string {
    const sha256 = createHash('sha256').update(content).digest('hex')
    this.blobs.set(sha256, Buffer.from(content))
    return sha256
  }
}
