import { createHash } from 'node:crypto'
import type { Ports } from '../../control/ports.ts'
import { HeardByOthers } from '../../platforms/aws/hearing.ts'
import { SimulatedClock } from './clock.ts'
import type { FaultInjector } from './fault-injector.ts'
import type { History } from './history.ts'
import type { Random } from './random.ts'
import type { Time } from './time.ts'
import { type Process, unreliable } from './unreliable.ts'

/** What is outside of the control plane, as this one reaches it. */
export type Reached = Pick<
  Ports,
  'store' | 'queue' | 'compute' | 'ingress' | 'timetable' | 'worklist' | 'outbox' | 'notifier' | 'secrets'
> & { logs: Pick<Ports['logs'], 'write' | 'remove'> }

interface Outside {
  time: Time
  random: Random
  injector: FaultInjector
  history: History
  onError(error: unknown): void
  /** The process has died. */
  onCrash(plane: ControlPlane): void
  nextId(): number
}

interface Kind {
  name: string
  /** One process that holds the queue and the ingress in itself, or one of several that share them. */
  isAlone: boolean
}

/** As the local platform has it. */
export const SILENCE_MS = 30_000
/** Shorter than it is, as all that is simulated. */
const PATIENCE = { recentMs: 12_000, silenceMs: SILENCE_MS, unheardMs: 60_000 }
const NEVER_MS = 365 * 86_400_000

/** One process of the control plane: what it is in the middle of dies with it, and its clock is its own. */
export class ControlPlane implements Process {
  readonly name: string
  readonly ports: Ports
  incarnation = 0
  frozenUntil = 0
  readonly outages = new Map<string, number>()
  readonly clock: SimulatedClock
  readonly #outside: Outside

  constructor({ name, isAlone }: Kind, reach: (plane: ControlPlane) => Reached, outside: Outside) {
    this.name = name
    this.#outside = outside
    this.clock = new SimulatedClock(name, isAlone ? 'ofMachine' : 'ofCloud', outside)
    this.ports = this.#makePorts(reach(this), isAlone)
  }

  get now(): number {
    return this.clock.now
  }

  #makePorts(reached: Reached, isAlone: boolean): Ports {
    const { time } = this.#outside
    const hearsSince = () => (isAlone ? Math.max(this.clock.at(this.frozenUntil), this.clock.setAt) : 0)
    const surroundings = { ...this.#outside, process: this, onCrash: () => this.#die() }
    const mortal = <Port extends object>(name: string, port: Port, canFail = true): Port =>
      unreliable(name, port, canFail, surroundings)
    return {
      store: mortal('store', reached.store),
      queue: mortal('queue', reached.queue, !isAlone),
      compute: mortal('compute', reached.compute),
      ingress: mortal('ingress', reached.ingress, !isAlone),
      timetable: mortal('timetable', reached.timetable, !isAlone),
      worklist: mortal('worklist', reached.worklist, !isAlone),
      outbox: mortal('outbox', reached.outbox, !isAlone),
      notifier: mortal('notifier', reached.notifier),
      secrets: mortal('secrets', reached.secrets),
      logs: { ...mortal('logs', reached.logs), read: async function* () {} },
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
      clock: { now: () => this.now },
      ids: { next: (prefix) => `${prefix}-${String(this.#outside.nextId()).padStart(8, '0')}` },
      holdMs: 0,
      heartbeatMs: 5_000,
      reportMs: 60_000,
      overrunMs: 35_000,
      silenceMs: SILENCE_MS,
      launchMs: 0,
      missedMs: 15_000,
      ...(!isAlone && { hearing: new HeardByOthers(PATIENCE) }),
      // The one process of a machine knows that it stood still, or that somebody set its clock; where there are several,
      // none of them hears all.
      get listeningSince() {
        return hearsSince()
      },
      // A stopped app must not go before its calls have been looked at, at rest.
      retention: { versions: 2, versionMs: 5_000, stagedMs: NEVER_MS, stoppedMs: NEVER_MS, blobMs: NEVER_MS },
      consoleUrl: undefined,
    }
  }

  #die(): void {
    this.incarnation++
    this.frozenUntil = 0
    this.#outside.onCrash(this)
  }
}
