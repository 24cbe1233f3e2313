import type { FunctionSpec } from '../protocol/manifest.ts'
import type { AppKey } from '../protocol/names.ts'
import type { Retention } from '../protocol/retention.ts'
import type { Changes, Events } from './event-ports.ts'
import type { Logs } from './log-port.ts'
import type { Message } from './message.ts'
import type { Container } from './model.ts'
import type { ChannelTarget, Errand } from './notice-model.ts'
import type { Tariff } from './prices.ts'
import type { ScheduleEntry } from './schedule-model.ts'
import type { SecretRef } from './secret-model.ts'
import type { EndpointOwner, Store } from './store-port.ts'

/** What the domain needs of the world. Each platform implements each port in a file of its own. */
export interface Ports {
  store: Store
  queue: CallQueue
  compute: Compute
  ingress: Ingress
  timetable: Timetable
  blobs: Blobs
  secrets: Secrets
  logs: Logs
  events: Events
  /** Absent where nobody can be told, and has to ask again. */
  changes?: Changes
  worklist: Worklist
  outbox: Outbox
  notifier: Notifier
  keys: Keys
  /** What costs are estimated by. */
  tariff: Tariff
  clock: Clock
  ids: Ids
  /** Milliseconds that a request of a container may be held while there is nothing for it; 0 where holding costs. */
  holdMs: number
  /** A container's heartbeat is due this often, milliseconds; what is new it tells at once. */
  heartbeatMs: number
  /** A container tells what it has done this often at most, milliseconds. */
  reportMs: number
  /** Beyond its timeout, and a start of its process, what a call may take for its arguments and its result, milliseconds. */
  overrunMs: number
  /** A container that says nothing for so long, milliseconds, is taken for dead. */
  silenceMs: number
  /** What may pass between a launch and the container's first request, milliseconds: where machines are fetched, minutes. */
  launchMs: number
  /** A slot of a schedule that has not fired so much later, milliseconds, is not going to. */
  missedMs: number
  /** Since when this control plane can be reached: silence of a container before that says nothing. */
  listeningSince: number
  /** Absent where the one process that hears containers is this one. */
  hearing?: Hearing
  /** What is kept of what no longer runs. */
  retention: Retention
  /** Where the web console is, without a slash at its end; undefined where there is none. */
  consoleUrl: string | undefined
}

/** What is known of whether containers can be heard. */
export interface Hearing {
  /**
   * Whether somebody's silence says anything by now. To be asked at each look, whether or not anybody is silent.
   * @param heardAt when any container was heard last; undefined where none was
   */
  isBelievable(now: number, heardAt: number | undefined): boolean
}

/** The ports that a use-case takes, so that whoever serves it need not carry the rest. */
export type Needs<Name extends keyof Ports> = Pick<Ports, Name>

/** Calls of one function; those that are pinned to a version wait apart. */
export interface QueueKey extends AppKey {
  function: string
  pin?: number
}

export interface Hint {
  callId: string
  /** The platform's handle on the message. */
  receipt: string
}

/** Hints that a call may be waiting. The table is the truth: a lost hint is sent again by the sweep, a doubled one loses the claim. */
export interface CallQueue {
  /** `taken` where a container that waited is being given the hint; otherwise one may have to be started. */
  send(queue: QueueKey, callId: string, availableAt: number): Promise<'taken' | 'waiting'>
  /**
   * Up to `max` hints. With none, waits up to `holdMs` for one unless `interrupted` settles first; or says at once where
   * to wait (`waitAt`), whose answer comes back as `wake`.
   */
  receive(request: {
    queues: QueueKey[]
    max: number
    wake: string | undefined
    holdMs: number
    interrupted: Promise<void>
  }): Promise<{ hints: Hint[]; waitAt?: string }>
  /** Done with a hint: drop it, or let another container have it. */
  settle(hint: Hint, outcome: 'drop' | 'return'): Promise<void>
  /** Leaves nothing of the app's queues; a later hint makes them anew. */
  remove(key: AppKey): Promise<void>
}

export interface Launch {
  container: Container
  spec: FunctionSpec
  token: string
}

/** `refused`: not now, for want of room or of quota; `reason` says which and what to do. */
export type Launched = { kind: 'launched' } | { kind: 'refused'; reason: string }

export interface Compute {
  /** Starts the container. Launching the same one again is the same launch. */
  launch(launch: Launch): Promise<Launched>
  /** Kills it; `gone` if there is nothing to kill any more, and so no exit to wait for. */
  stop(containerId: string): Promise<'stopping' | 'gone'>
}

export interface Endpoint extends EndpointOwner {
  label: string
  /** The version that serves it: the live one, or a staged one. */
  version: number
  /** In whose name it is pointed, see `turnOf`: what is said with a lower one is void. */
  turn: number
  /** Of a staged version; `alias` is the live label at which the header `sluice-version` leads here, too. */
  staged?: { alias?: string }
}

export interface Target {
  container: string
  version: number
  address: string
}

/** Sends web requests to containers. Setting what is already set costs nothing. */
export interface Ingress {
  url(label: string): string
  /**
   * From now on, new requests go to these targets only. With none they wait for a container, unless `fault` says why
   * there will be none: then they are answered with it. Void if somebody has pointed or removed the app's endpoints with a higher turn.
   * `pending` where the targets take a moment to be reachable and nothing has changed yet: ask again.
   */
  point(endpoint: Endpoint, targets: Target[], fault?: string): Promise<'pointed' | 'pending'>
  /**
   * The app's endpoints, except these, answer 404 from now on, whatever a plan that was made before says late: only a
   * higher turn can point them anew.
   */
  remove(key: AppKey, turn: number, keepLabels: string[]): Promise<void>
  /** Whether no request is on its way to the container, or in it, and none will be. */
  isReleased(containerId: string): Promise<boolean>
}

/** Fires schedules: each slot at least once, as `scheduleFired`. */
export interface Timetable {
  /**
   * Makes these the app's schedules, in somebody's turn, see turn.ts; void if something was said in a higher one. No slot
   * until `at` fires of one that is new.
   */
  sync(key: AppKey, turn: number, entries: ScheduleEntry[], at: number): Promise<void>
}

/** Where to PUT a content, with which headers. */
export interface Upload {
  url: string
  headers?: Record<string, string>
}

/** Contents by their SHA-256. */
export interface Blobs {
  missing(hashes: string[]): Promise<string[]>
  /** Takes exactly this content, for at most 15 minutes. */
  uploadUrl(hash: string): Promise<Upload>
  /** A URL that answers a GET, for at most 15 minutes. */
  downloadUrl(hash: string): Promise<string>
  put(content: Uint8Array): Promise<string>
  get(hash: string): Promise<Uint8Array | undefined>
  /** Has its age begin anew; false where it is not stored. */
  touch(hash: string): Promise<boolean>
  /** All that is stored, in pages. */
  list(cursor?: string): Promise<{ items: StoredBlob[]; cursor?: string }>
  remove(hashes: string[]): Promise<void>
}

export interface StoredBlob {
  hash: string
  /** When it was stored or touched last. */
  at: number
  bytes: number
}

/** Values of secrets, by variable. Nobody but the container that needs them reads them. */
export interface Secrets {
  /** Each version is written once. */
  put(ref: SecretRef, values: Record<string, string>): Promise<void>
  get(ref: SecretRef): Promise<Record<string, string> | undefined>
  /** Leaves nothing of it; also where there is nothing. */
  remove(ref: SecretRef): Promise<void>
}

/** Apps to reconcile. Asking twice is once; what is asked for happens at least once, even over a crash of whoever asked. */
export interface Worklist {
  add(key: AppKey, at?: number): Promise<void>
}

/** Hints that something is to be done about a notice: the table is the truth, and a lost hint is given again by the sweep. */
export interface Outbox {
  add(errand: Errand, at: number): Promise<void>
}

export type Delivered = { kind: 'delivered' } | { kind: 'failed'; reason: string }

/** Hands messages to what is outside. */
export interface Notifier {
  /** Why nothing can be sent there from this platform, in words that go on from the target; undefined where it can. */
  refusal(target: ChannelTarget): Promise<string | undefined>
  /** @param secret what a webhook's requests are signed with */
  deliver(target: ChannelTarget, message: Message, secret: string): Promise<Delivered>
}

export interface Keys {
  /** A keyed hash (HMAC-SHA-256, hex) under the installation's secret. */
  mac(text: string): string
  /** SHA-256, hex. */
  hash(text: string): string
}

export interface Clock {
  now(): number
}

export interface Ids {
  /** A new id that sorts by time, such as `ca-01J…`. */
  next(prefix: 'ca' | 'co' | 'le' | 'au' | 'to' | 'se' | 'ch' | 'no'): string
}
