import { createHash } from 'node:crypto'
import { deliver } from '../../control/deliver.ts'
import type { SystemLine } from '../../control/log-port.ts'
import type { Message } from '../../control/message.ts'
import type { ChannelTarget, Errand } from '../../control/notice-model.ts'
import type { Delivered, Endpoint, Hint, Launched, Ports, QueueKey, Target } from '../../control/ports.ts'
import { reconcile } from '../../control/reconcile.ts'
import type { FiringWord } from '../../control/schedules.ts'
import { SqliteSecrets } from '../../platforms/local/secrets.ts'
import { openStore, type SqliteStore } from '../../platforms/local/store/store.ts'
import type { AppKey } from '../../protocol/names.ts'
import type { Random } from './random.ts'
import { Scheduler, type SchedulerFaults } from './scheduler.ts'
import type { Time } from './time.ts'

const NEVER_MS = 365 * 86_400_000

/** The control plane died: whatever it was in the middle of is never continued. */
export class Crash extends Error {}

export interface Faults {
  /** That the process dies at a port call. */
  crash: number
  /** That a hint, or a message between container and control plane, is lost. */
  loss: number
  /** That a hint arrives twice. */
  doubling: number
  /** That there is no room for a container. */
  refusal: number
  /** That targets cannot be reached yet. */
  pending: number
}

interface Outside {
  time: Time
  random: Random
  faults: Faults
  launch(containerId: string): void
  /** True if there was a process to kill. */
  kill(containerId: string): boolean
  onCrash(): void
  onError(error: unknown): void
  /** An endpoint has been given other targets, or been removed. */
  onPoint(endpoint: Endpoint): void
  isReleased(containerId: string): boolean
  schedulerFaults: SchedulerFaults
  /** A slot has come, says the scheduler. */
  onFiring(word: FiringWord): void
}

/**
 * The ports of one installation: a real store in memory, and in-memory stand-ins for what would be outside. Every call
 * takes a little virtual time, so that operations interleave, and may be the one at which the control plane dies.
 */
export class World {
  readonly store: SqliteStore = openStore(':memory:')
  readonly routes = new Map<string, { endpoint: Endpoint; targets: Target[]; fault: string | undefined }>()
  readonly scheduler: Scheduler
  /** Notices that the channel has taken, and how often. */
  readonly heard = new Map<string, number>()
  /** What the app's log says, by its ids. */
  readonly story = new Map<string, SystemLine>()
  readonly ports: Ports
  readonly #outside: Outside
  readonly secrets = new SqliteSecrets(this.store.database, {
    mac: (text) => createHash('sha256').update(text).digest('hex'),
  })
  readonly #hints = new Map<string, string[]>()
  readonly #launched = new Set<string>()
  /** Who was told that no request will come may leave, whatever a plan says that was made before. */
  readonly #released = new Set<string>()
  #incarnation = 0
  /** What was said in a lower turn is void. */
  #fence: { turn: number; keep?: string[] } = { turn: 0 }
  #ids = 0
  #reconciling = new Set<string>()

  constructor(outside: Outside) {
    this.#outside = outside
    const { time, random, schedulerFaults } = outside
    this.scheduler = new Scheduler(time, random, schedulerFaults, (word) => outside.onFiring(word))
    // Half of what a bad version does fails.
    this.store.usageOf = async (key, { version }) => {
      const manifest = (await this.store.version(key, version))?.manifest
      return { calls: 10, errors: manifest?.functions.work?.env.BAD ? 5 : 0 }
    }
    this.ports = this.#makePorts()
  }

  /** What was in memory is gone; what is stored is looked at again. */
  async restart(): Promise<void> {
    this.#incarnation++
    this.#hints.clear()
    this.#reconciling.clear()
    this.routes.clear()
    this.#fence = { turn: 0 }
    // As `openStore` does: who waited, waited in a process that is gone.
    this.store.database.run('delete from waiting')
    for (const key of this.store.unsettledApps()) this.#askReconcile(key, this.#outside.time.now)
  }

  #makePorts(): Ports {
    const { time } = this.#outside
    const raw = {
      store: this.store,
      queue: {
        send: async (queue: QueueKey, callId: string, availableAt: number) =>
          this.#send(queue, callId, availableAt),
        receive: async ({ queues, max }: { queues: QueueKey[]; max: number }) => ({
          hints: this.#receive(queues, max),
        }),
        settle: async (hint: Hint, outcome: 'drop' | 'return') => {
          if (outcome === 'return') this.#queue(hint.receipt).unshift(hint.callId)
        },
        remove: async (key: AppKey) => this.#forget(key),
      },
      compute: {
        launch: async ({ container }: { container: { id: string } }): Promise<Launched> => {
          const { random, faults } = this.#outside
          const isNew = !this.#launched.has(container.id)
          if (isNew && random.chance(faults.refusal)) return { kind: 'refused', reason: 'no room' }
          this.#launched.add(container.id)
          this.#outside.launch(container.id)
          return { kind: 'launched' }
        },
        stop: async (id: string) => (this.#outside.kill(id) ? ('stopping' as const) : ('gone' as const)),
      },
      ingress: {
        url: (label: string) => `http://${label}.test`,
        point: async (endpoint: Endpoint, targets: Target[], fault?: string) => {
          const { random, faults } = this.#outside
          if (targets.length > 0 && random.chance(faults.pending)) return 'pending' as const
          const { turn, keep } = this.#fence
          if (endpoint.turn < turn || (endpoint.turn === turn && keep && !keep.includes(endpoint.label)))
            return 'pointed' as const
          if (endpoint.turn > turn) this.#fence = { turn: endpoint.turn }
          const staying = targets.filter(({ container }) => !this.#released.has(container))
          this.routes.set(endpoint.label, { endpoint, targets: staying, fault })
          this.#outside.onPoint(endpoint)
          return 'pointed' as const
        },
        remove: async (key: AppKey, turn: number, keep: string[]) => {
          if (turn < this.#fence.turn) return
          this.#fence = { turn, keep }
          for (const [label, { endpoint }] of this.routes) {
            if (endpoint.app !== key.app || keep.includes(label)) continue
            this.routes.delete(label)
            this.#outside.onPoint(endpoint)
          }
        },
        isReleased: async (id: string) => {
          const isReleased = this.#outside.isReleased(id)
          if (isReleased) this.#released.add(id)
          return isReleased
        },
      },
      timetable: {
        sync: (...args: Parameters<Scheduler['sync']>) => this.scheduler.sync(...args),
      },
      worklist: { add: async (key: AppKey, at?: number) => this.#askReconcile(key, at ?? time.now) },
      logs: {
        write: async (_: AppKey, lines: SystemLine[]) => {
          for (const line of lines) if (!this.story.has(line.id)) this.story.set(line.id, line)
        },
        remove: async () => this.story.clear(),
      },
      outbox: { add: async (errand: Errand, at: number) => this.#hintErrand(errand, at) },
      notifier: {
        refusal: async () => undefined,
        deliver: async (_: ChannelTarget, { id }: Message): Promise<Delivered> => {
          const { random, faults } = this.#outside
          if (random.chance(faults.loss)) return { kind: 'failed', reason: 'it is dead for the moment' }
          this.heard.set(id, (this.heard.get(id) ?? 0) + 1)
          return { kind: 'delivered' }
        },
      },
    }
    return {
      store: this.#unreliable(raw.store),
      queue: this.#unreliable(raw.queue),
      compute: this.#unreliable(raw.compute),
      ingress: { ...this.#unreliable(raw.ingress), url: raw.ingress.url },
      timetable: this.#unreliable(raw.timetable),
      worklist: this.#unreliable(raw.worklist),
      outbox: this.#unreliable(raw.outbox),
      notifier: this.#unreliable(raw.notifier),
      blobs: {
        missing: async () => [],
        uploadUrl: async (url) => ({ url }),
        downloadUrl: async (hash) => hash,
        put: async (content) => createHash('sha256').update(content).digest('hex'),
        get: async () => undefined,
        touch: async () => true,
        list: async () => ({ items: [] }),
        remove: async () => {},
      },
      secrets: this.#unreliable(this.secrets),
      logs: { ...this.#unreliable(raw.logs), read: async function* () {} },
      events: {
        publish: () => {},
        subscribe: () => ({ next: (ms) => time.sleep(ms).then(() => false), close: () => {} }),
      },
      tariff: { region: 'us-east-1', architecture: 'arm64', hasAddress: false },
      keys: {
        mac: (text) => createHash('sha256').update(`secret ${text}`).digest('hex'),
        hash: (text) => createHash('sha256').update(text).digest('hex'),
      },
      clock: { now: () => time.now },
      ids: { next: (prefix) => `${prefix}-${String(++this.#ids).padStart(8, '0')}` },
      holdMs: 0,
      heartbeatMs: 5_000,
      reportMs: 60_000,
      silenceMs: 30_000,
      launchMs: 0,
      missedMs: 15_000,
      listeningSince: 0,
      // A stopped app must not go before its calls have been looked at, at rest.
      retention: { versions: 2, versionMs: 5_000, stagedMs: NEVER_MS, stoppedMs: NEVER_MS, blobMs: NEVER_MS },
      consoleUrl: undefined,
    }
  }

  /** Each method takes time, and at each the control plane may die: before it was done, or after. */
  #unreliable<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const method = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]) => {
          const incarnation = this.#incarnation
          await this.#outside.time.sleep(this.#outside.random.between(0, 4))
          this.#mayDie(incarnation)
          try {
            return await Reflect.apply(method, target, args)
          } catch (error) {
            this.#outside.onError(error)
            throw error
          } finally {
            this.#mayDie(incarnation)
          }
        }
      },
    })
  }

  #mayDie(incarnation: number): void {
    if (incarnation !== this.#incarnation) throw new Crash('died before')
    const { random, faults } = this.#outside
    if (!random.chance(faults.crash)) return
    this.#outside.onCrash()
    throw new Crash('died')
  }

  #send(key: QueueKey, callId: string, availableAt: number): 'waiting' {
    const { time, random, faults } = this.#outside
    const incarnation = this.#incarnation
    const deliver = () => {
      if (incarnation === this.#incarnation) this.#queue(nameOf(key)).push(callId)
    }
    const times = random.chance(faults.loss) ? 0 : random.chance(faults.doubling) ? 2 : 1
    for (let i = 0; i < times; i++) time.after(availableAt - time.now + random.between(0, 20), deliver)
    return 'waiting'
  }

  #receive(queues: QueueKey[], max: number): Hint[] {
    return queues.flatMap((key) => {
      const name = nameOf(key)
      return this.#queue(name)
        .splice(0, max)
        .map((callId) => ({ callId, receipt: name }))
    })
  }

  #hintErrand(errand: Errand, at: number): void {
    const { time, random, faults } = this.#outside
    const incarnation = this.#incarnation
    const run = () => {
      if (incarnation === this.#incarnation)
        deliver(this.ports, errand).catch((error: unknown) => this.#outside.onError(error))
    }
    const times = random.chance(faults.loss) ? 0 : random.chance(faults.doubling) ? 2 : 1
    for (let i = 0; i < times; i++) time.after(at - time.now + random.between(0, 20), run)
  }

  #forget({ app }: AppKey): void {
    for (const name of this.#hints.keys()) if (name.startsWith(`${app}/`)) this.#hints.delete(name)
  }

  #queue(name: string): string[] {
    const queue = this.#hints.get(name) ?? []
    this.#hints.set(name, queue)
    return queue
  }

  /** As on AWS, nothing keeps two from reconciling the same app at once; so here it happens now and then. */
  #askReconcile(key: AppKey, at: number): void {
    const { time, random } = this.#outside
    const incarnation = this.#incarnation
    const delay = at - time.now + random.between(0, 10)
    const slot = `${key.app} ${Math.round((time.now + delay) / 20)} ${random.between(0, 1)}`
    if (this.#reconciling.has(slot)) return
    this.#reconciling.add(slot)
    time.after(delay, () => {
      this.#reconciling.delete(slot)
      if (incarnation !== this.#incarnation) return
      reconcile(this.ports, key).then(
        (again) => again !== undefined && this.#askReconcile(key, again),
        (error: unknown) => this.#outside.onError(error),
      )
    })
  }
}

const nameOf = (key: QueueKey): string => `${key.app}/${key.function}/${key.pin ?? ''}`
