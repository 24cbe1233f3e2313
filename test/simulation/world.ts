import { createHash } from 'node:crypto'
import { deliver } from '../../control/deliver.ts'
import type { SystemLine } from '../../control/log-port.ts'
import type { Message } from '../../control/message.ts'
import type { ChannelTarget, Errand } from '../../control/notice-model.ts'
import type { Delivered, Endpoint, Launched, Ports } from '../../control/ports.ts'
import { reconcile } from '../../control/reconcile.ts'
import type { FiringWord } from '../../control/schedules.ts'
import { SqliteSecrets } from '../../platforms/local/secrets.ts'
import { openStore, type SqliteStore } from '../../platforms/local/store/store.ts'
import type { AppKey } from '../../protocol/names.ts'
import type { FaultInjector } from './fault-injector.ts'
import type { History } from './history.ts'
import { SimulatedIngress } from './ingress.ts'
import type { Overheard } from './line.ts'
import { SimulatedQueue } from './queue.ts'
import type { Random } from './random.ts'
import { Scheduler } from './scheduler.ts'
import type { Time } from './time.ts'
import { unreliable } from './unreliable.ts'

const NEVER_MS = 365 * 86_400_000

interface Outside {
  time: Time
  random: Random
  injector: FaultInjector
  history: History
  launch(containerId: string): void
  /** True if there was a process to kill. */
  kill(containerId: string): boolean
  onCrash(): void
  onError(error: unknown): void
  /** An endpoint has been given other targets, or been removed. */
  onPoint(endpoint: Endpoint): void
  isReleased(containerId: string): boolean
  /** A slot has come, says the scheduler. */
  onFiring(word: FiringWord): void
}

/** The ports of one installation: a real store in memory, and in-memory stand-ins for what would be outside. */
export class World {
  readonly store: SqliteStore = openStore(':memory:')
  readonly scheduler: Scheduler
  /** Notices that the channel has taken, and how often. */
  readonly heard = new Map<string, number>()
  /** What the app's log says, by its ids. */
  readonly story = new Map<string, SystemLine>()
  readonly ports: Ports
  /** Inputs that were given out lately. */
  readonly overheard: Overheard[] = []
  readonly secrets = new SqliteSecrets(this.store.database, {
    mac: (text) => createHash('sha256').update(text).digest('hex'),
  })
  readonly #outside: Outside
  readonly #queue = new SimulatedQueue((at, run) => this.#tell('queue', at, run))
  readonly #ingress: SimulatedIngress
  readonly #launched = new Set<string>()
  readonly #reconciling = new Set<string>()
  #incarnation = 0
  #ids = 0

  constructor(outside: Outside) {
    this.#outside = outside
    const { time, random, injector } = outside
    this.scheduler = new Scheduler(time, random, injector, (word) => outside.onFiring(word))
    this.#ingress = new SimulatedIngress({
      isPending: () => injector.occurs('pending', 'ingress'),
      onPoint: outside.onPoint,
      isReleased: outside.isReleased,
    })
    // Half of what a bad version does fails.
    this.store.usageOf = async (key, { version }) => {
      const manifest = (await this.store.version(key, version))?.manifest
      return { calls: 10, errors: manifest?.functions.work?.env.BAD ? 5 : 0 }
    }
    this.ports = this.#makePorts()
  }

  get routes(): SimulatedIngress['routes'] {
    return this.#ingress.routes
  }

  wasLaunched(containerId: string): boolean {
    return this.#launched.has(containerId)
  }

  /** What was in memory is gone; what is stored is looked at again. */
  async restart(): Promise<void> {
    this.#incarnation++
    this.#queue.forget()
    this.#reconciling.clear()
    this.#ingress.forget()
    // As `openStore` does: who waited, waited in a process that is gone.
    this.store.database.run('delete from waiting')
    for (const key of this.store.unsettledApps()) this.#askReconcile(key, this.#outside.time.now)
  }

  #makePorts(): Ports {
    const { time } = this.#outside
    const surroundings = { ...this.#outside, incarnation: () => this.#incarnation }
    const mortal = <Port extends object>(name: string, port: Port): Port =>
      unreliable(name, port, surroundings)
    return {
      store: mortal('store', this.store),
      queue: mortal('queue', this.#queue),
      compute: mortal('compute', {
        launch: async ({ container }: { container: { id: string } }) => this.#launch(container.id),
        stop: async (id: string) => (this.#outside.kill(id) ? ('stopping' as const) : ('gone' as const)),
      }),
      ingress: mortal('ingress', this.#ingress),
      timetable: mortal('timetable', {
        sync: (...args: Parameters<Scheduler['sync']>) => this.scheduler.sync(...args),
      }),
      worklist: mortal('worklist', {
        add: async (key: AppKey, at?: number) => this.#askReconcile(key, at ?? time.now),
      }),
      outbox: mortal('outbox', { add: async (errand: Errand, at: number) => this.#hintErrand(errand, at) }),
      notifier: mortal('notifier', {
        refusal: async () => undefined,
        deliver: async (_: ChannelTarget, { id }: Message) => this.#hear(id),
      }),
      secrets: mortal('secrets', this.secrets),
      logs: {
        ...mortal('logs', {
          write: async (_: AppKey, lines: SystemLine[]) => {
            for (const line of lines) if (!this.story.has(line.id)) this.story.set(line.id, line)
          },
          remove: async () => this.story.clear(),
        }),
        read: async function* () {},
      },
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

  #launch(id: string): Launched {
    const isNew = !this.#launched.has(id)
    if (isNew && this.#outside.injector.occurs('refusal', 'compute'))
      return { kind: 'refused', reason: 'no room' }
    this.#launched.add(id)
    this.#outside.launch(id)
    return { kind: 'launched' }
  }

  #hear(id: string): Delivered {
    if (this.#outside.injector.occurs('loss', 'notifier'))
      return { kind: 'failed', reason: 'it is dead for the moment' }
    this.heard.set(id, (this.heard.get(id) ?? 0) + 1)
    return { kind: 'delivered' }
  }

  /** A hint to this process: lost, doubled, or a little late. */
  #tell(where: string, at: number, run: () => void): void {
    const { time, random, injector } = this.#outside
    const incarnation = this.#incarnation
    const times = injector.occurs('loss', where) ? 0 : injector.occurs('doubling', where) ? 2 : 1
    for (let i = 0; i < times; i++) {
      time.after(at - time.now + random.between(0, 20), () => {
        if (incarnation === this.#incarnation) run()
      })
    }
  }

  #hintErrand(errand: Errand, at: number): void {
    this.#tell('outbox', at, () => {
      deliver(this.ports, errand).catch((error: unknown) => this.#outside.onError(error))
    })
  }

  /** As on AWS, nothing keeps two from reconciling the same app at once; so here it happens now and then. */
  #askReconcile(key: AppKey, at: number): void {
    const { time, random } = this.#outside
    const incarnation = this.#incarnation
    const delay = at - time.now + random.between(0, 10)
    const slot = `${key.app} ${Math.round((time.now + delay) / 20)} ${random.between(0, 1)}`
    if (this.#reconciling.has(slot)) {
      this.#outside.history.count('event', 'hint coalesced')
      return
    }
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
