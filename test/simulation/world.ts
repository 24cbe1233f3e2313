import { createHash } from 'node:crypto'
import { deliver } from '../../control/deliver.ts'
import type { SystemLine } from '../../control/log-port.ts'
import type { Message } from '../../control/message.ts'
import type { ChannelTarget, Errand } from '../../control/notice-model.ts'
import type { Delivered, Endpoint, Launched, Ports } from '../../control/ports.ts'
import type { FiringWord } from '../../control/schedules.ts'
import { SqliteSecrets } from '../../platforms/local/secrets.ts'
import { openStore, type SqliteStore } from '../../platforms/local/store/store.ts'
import type { AppKey } from '../../protocol/names.ts'
import { clockErrorMs } from './clock.ts'
import { ControlPlane, type Reached, SILENCE_MS } from './control-plane.ts'
import { Failures } from './failures.ts'
import type { FaultInjector } from './fault-injector.ts'
import type { History } from './history.ts'
import { SimulatedIngress } from './ingress.ts'
import type { Overheard } from './line.ts'
import { SimulatedQueue } from './queue.ts'
import type { Random } from './random.ts'
import { Scheduler } from './scheduler.ts'
import { SharedQueue } from './shared-queue.ts'
import type { Time } from './time.ts'
import { isMisfortune, Unavailable } from './unreliable.ts'
import { Work } from './work.ts'

interface Outside {
  time: Time
  random: Random
  injector: FaultInjector
  history: History
  launch(containerId: string): void
  /** True if there was a process to kill. */
  kill(containerId: string): boolean
  /** The one process died that held everything. */
  onCrash(): void
  onError(error: unknown): void
  /** An endpoint has been given other targets, or been removed. */
  onPoint(endpoint: Endpoint): void
  /** Web requests in it. */
  requests(containerId: string): number
  /** A slot has come, says the scheduler. */
  onFiring(word: FiringWord): void
}

/** What a channel has taken. */
export interface Heard {
  notice: string
  /** What it was signed with. */
  secret: string
}

/** One installation: a real store in memory, stand-ins for what would be outside, and one control plane or two. */
export class World {
  readonly store: SqliteStore = openStore(':memory:')
  readonly failures = new Failures(this.store)
  readonly scheduler: Scheduler
  /** Notices that channels have taken. */
  readonly heard: Heard[] = []
  /** What the app's log says, by its ids. */
  readonly story = new Map<string, SystemLine>()
  /** Inputs that were given out lately. */
  readonly overheard: Overheard[] = []
  readonly secrets = new SqliteSecrets(this.store.database, {
    mac: (text) => createHash('sha256').update(text).digest('hex'),
  })
  /** By how much the readings of clocks differ at most, at the same moment. */
  readonly clockErrorMs: number
  /** For how long a container is silent at least that is given up for dead. */
  readonly silenceMs: number
  readonly #outside: Outside
  /** Whether the queue, the ingress and the wishes to look at an app outlive a control plane. */
  readonly #isShared: boolean
  readonly #planes: ControlPlane[]
  readonly #queue = new SimulatedQueue((inMs, run) => this.#tell('queue', inMs, run))
  readonly #sharedQueue: SharedQueue
  readonly #work: Work
  readonly #ingress: SimulatedIngress
  readonly #launched = new Set<string>()
  /** Of the one process that holds everything. */
  #incarnation = 0
  #ids = 0

  constructor(outside: Outside) {
    this.#outside = outside
    const { time, random, injector } = outside
    this.scheduler = new Scheduler(time, random, injector, (word) => outside.onFiring(word))
    this.#ingress = new SimulatedIngress({
      isPending: () => injector.occurs('pending', 'ingress'),
      isCongested: () => this.#isShared && injector.occurs('congestion', 'ingress'),
      onPoint: outside.onPoint,
      now: () => time.now,
      isApart: () => this.#isShared,
      requests: outside.requests,
    })
    this.#isShared = injector.occurs('secondPlane', 'world')
    this.clockErrorMs = clockErrorMs(injector, this.#isShared ? 'ofCloud' : 'ofMachine')
    // What one hears another one judges; who is alone knows when its clock was set.
    this.silenceMs = SILENCE_MS - (this.#isShared ? this.clockErrorMs : 0)
    this.#sharedQueue = new SharedQueue(outside)
    this.#work = new Work({ ...outside, ports: () => this.ports }, this.#isShared)
    const names = this.#isShared ? ['first-plane', 'second-plane'] : ['plane']
    const within = { ...outside, nextId: () => ++this.#ids, onCrash: () => this.#crashed() }
    this.#planes = names.map(
      (name) => new ControlPlane({ name, isAlone: !this.#isShared }, (plane) => this.#reach(plane), within),
    )
  }

  /** Of the control plane that happens to answer. */
  get ports(): Ports {
    const plane = this.#outside.random.pick(this.#planes)
    if (!plane) throw new Error('There is no control plane')
    return plane.ports
  }

  get routes(): SimulatedIngress['routes'] {
    return this.#ingress.routes
  }

  wasLaunched(containerId: string): boolean {
    return this.#launched.has(containerId)
  }

  /** What a container hears at the address where it waits. */
  wait(address: string): string {
    return this.#sharedQueue.wait(address)
  }

  /** What was in memory is gone; what is stored is looked at again. */
  async restart(): Promise<void> {
    this.#incarnation++
    this.#queue.forget()
    this.#work.forget()
    this.#ingress.forget()
    // As `openStore` does: who waited, waited in a process that is gone.
    this.store.database.run('delete from waiting')
    for (const key of this.store.unsettledApps()) this.#work.ask(key, 0)
  }

  #crashed(): void {
    this.#outside.history.note('event', 'control plane restarted')
    if (!this.#isShared) this.#outside.onCrash()
  }

  #reach(plane: ControlPlane): Reached {
    const until = (at: number) => at - plane.now
    return {
      store: this.store,
      queue: this.#isShared ? this.#sharedQueue.port(until) : this.#queue.port(until),
      compute: {
        launch: async ({ container }) => this.#launch(container.id),
        stop: async (id) => (this.#outside.kill(id) ? 'stopping' : 'gone'),
      },
      ingress: this.#ingress,
      timetable: { sync: (...wish) => this.#sync(...wish) },
      worklist: { add: async (key: AppKey, at = plane.now) => this.#work.ask(key, until(at)) },
      outbox: { add: async (errand: Errand, at: number) => this.#hintErrand(errand, until(at)) },
      notifier: {
        refusal: async () => undefined,
        deliver: async (target: ChannelTarget, { id: notice }: Message, secret: string) =>
          this.#hear(target, { notice, secret }),
      },
      secrets: this.secrets,
      logs: {
        write: async (_: AppKey, lines: SystemLine[]) => {
          for (const line of lines) if (!this.story.has(line.id)) this.story.set(line.id, line)
        },
        remove: async () => this.story.clear(),
      },
    }
  }

  async #sync(...wish: Parameters<Scheduler['sync']>): Promise<void> {
    const [, , entries] = wish
    if (this.#isShared && entries.length === 0 && this.#outside.injector.occurs('congestion', 'timetable'))
      throw new Unavailable('The timetable takes no more changes')
    await this.scheduler.sync(...wish)
  }

  #launch(id: string): Launched {
    const isNew = !this.#launched.has(id)
    if (isNew && this.#outside.injector.occurs('refusal', 'compute'))
      return { kind: 'refused', reason: 'no room' }
    this.#launched.add(id)
    this.#outside.launch(id)
    return { kind: 'launched' }
  }

  #hear(target: ChannelTarget, heard: Heard): Delivered {
    const { injector } = this.#outside
    if (injector.occurs('loss', 'notifier') || injector.occurs('refusal', 'notifier'))
      return { kind: 'failed', reason: 'it is dead for the moment' }
    this.heard.push(heard)
    const [name = ''] = 'webhook' in target ? target.webhook.split('/').slice(-1) : []
    this.#outside.history.count('event', `notice heard by ${name}`)
    return { kind: 'delivered' }
  }

  /** A hint to this process: lost, doubled, or a little late. */
  #tell(where: string, inMs: number, run: () => void): void {
    const { time, random, injector } = this.#outside
    const incarnation = this.#incarnation
    const times = injector.occurs('loss', where) ? 0 : injector.occurs('doubling', where) ? 2 : 1
    for (let i = 0; i < times; i++) {
      // One that is doubled does not wait for its time.
      time.after((i === 0 ? inMs : 0) + random.between(0, 20), () => {
        if (incarnation === this.#incarnation) run()
      })
    }
  }

  #hintErrand(errand: Errand, inMs: number): void {
    this.#tell('outbox', inMs, () => {
      deliver(this.ports, errand).catch((error: unknown) => {
        if (!isMisfortune(error)) this.#outside.onError(error)
      })
    })
  }
}
