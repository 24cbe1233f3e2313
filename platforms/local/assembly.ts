import { collectUnused } from '../../control/collect-unused.ts'
import { containerExited } from '../../control/containers.ts'
import { deliver } from '../../control/deliver.ts'
import type { Ports } from '../../control/ports.ts'
import { reconcile } from '../../control/reconcile.ts'
import { scheduleFired } from '../../control/schedules.ts'
import { sweep } from '../../control/sweep.ts'
import { setWaiting } from '../../control/wake.ts'
import { appLabel } from '../../protocol/names.ts'
import type { Retention } from '../../protocol/retention.ts'
import { LocalBlobs } from './blobs/blobs.ts'
import { LocalChanges } from './changes.ts'
import { systemClock, systemTimers } from './clock.ts'
import { LocalCompute } from './compute/compute.ts'
import { LocalEvents } from './events.ts'
import { Failures } from './failures.ts'
import { LocalIds } from './ids.ts'
import { LocalIngress } from './ingress/ingress.ts'
import { openKeys } from './keys.ts'
import { Listening } from './listening.ts'
import { LocalLogs } from './logs.ts'
import { LocalNotifier } from './notifier.ts'
import { LocalOutbox } from './outbox.ts'
import { LocalQueue } from './queue.ts'
import { SqliteSecrets } from './secrets.ts'
import type { Services } from './server/dispatch.ts'
import { tryToOpen } from './state-folder.ts'
import { watchChanges } from './store/changes.ts'
import type { SqliteStore } from './store/store.ts'
import { Tick } from './tick.ts'
import { LocalTimetable } from './timetable.ts'
import { SqliteTimetableRows } from './timetable-rows.ts'
import { presentContainers } from './wind-down.ts'
import { LocalWorklist } from './worklist.ts'

const TIME = { clock: systemClock, timers: systemTimers }
/** A container's sign of life comes with the requests that are held, and this often at least. */
const HEARTBEAT_MS = 5_000
/** What a container has done, it tells this often at most. */
const REPORT_MS = 2_000
/** Arguments and a result that are large take up to two minutes each, and may have to be sent again. */
const OVERRUN_MS = 300_000
const SILENCE_MS = 30_000
/** How long a container's request is held while there is nothing for it. */
const HOLD_MS = 20_000
/** Six tries of a slot, a second apart, and time to begin. */
const MISSED_MS = 15_000
/** Nothing is billed here: costs are what the same would cost there. */
const TARIFF = { region: 'us-east-1', architecture: 'arm64', hasAddress: true } as const
const SWEEP_EVERY_MS = 1_000
/** What a loss of power may take of what nobody has waited for the disk with. */
const SYNC_EVERY_MS = 1_000
/** The system closes connections unheard where there are no descriptors left, so that is to be found out. */
const LOOK_EVERY_MS = 5_000
const COLLECT_EVERY_MS = 3_600_000
const PRUNE_EVERY_MS = 600_000
/** What is written is kept for so long, as on AWS unless told otherwise. */
const LOGS_MS = 30 * 86_400_000
/** Calls that have ended, and containers that stopped, are remembered for so long. */
const PAST_MS = 7 * 86_400_000
/** In the routes by which containers speak. */
const OF_CONTAINERS = ' /v1/runtime/'
/** A web request that wakes its function waits for so long; most clients give up earlier. */
const COLD_START_TIMEOUT_MS = 120_000

export interface Surroundings {
  dir: string
  store: SqliteStore
  apiUrl: string
  runner: { path: string }
  variables: Record<string, string | undefined>
  retention: Retention
  log: (message: string) => void
}

/** Every port of this platform, joined to the use-cases that it tells of what happens. */
export class Assembly {
  readonly ports: Ports
  readonly blobs: LocalBlobs
  readonly compute: LocalCompute
  readonly ingress: LocalIngress
  readonly worklist: LocalWorklist
  readonly #queue = new LocalQueue(TIME)
  readonly #events = new LocalEvents()
  readonly #changes: LocalChanges
  readonly #timetable: LocalTimetable
  readonly #outbox: LocalOutbox
  readonly #listening = new Listening(systemClock)
  readonly #ticks: Tick[]
  readonly #failures: Failures
  #ingressClosed: Promise<void> | undefined

  constructor(surroundings: Surroundings) {
    const { dir, store, apiUrl, retention, log } = surroundings
    const keys = openKeys(dir)
    const listening = this.#listening
    this.#failures = new Failures({ dir, clock: systemClock, log })
    this.blobs = new LocalBlobs({ dir, keys, clock: systemClock, apiUrl: () => apiUrl })
    this.worklist = this.#makeWorklist()
    this.compute = this.#makeCompute(surroundings)
    this.ingress = this.#makeIngress()
    this.#timetable = this.#makeTimetable(store)
    this.#outbox = this.#makeOutbox()
    this.#changes = new LocalChanges((onChange) => watchChanges(store.database, onChange), TIME)
    const logs = new LocalLogs(dir)
    this.#ticks = this.#makeTicks(store, logs, dir)
    this.ports = {
      store,
      queue: this.#queue,
      compute: this.compute,
      ingress: this.ingress,
      timetable: this.#timetable,
      blobs: this.blobs,
      secrets: new SqliteSecrets(store.database, keys),
      logs,
      events: this.#events,
      changes: this.#changes,
      worklist: this.worklist,
      outbox: this.#outbox,
      notifier: new LocalNotifier(systemClock),
      keys,
      tariff: TARIFF,
      clock: systemClock,
      ids: new LocalIds(systemClock),
      holdMs: HOLD_MS,
      heartbeatMs: HEARTBEAT_MS,
      reportMs: REPORT_MS,
      overrunMs: OVERRUN_MS,
      silenceMs: SILENCE_MS,
      launchMs: 0,
      missedMs: MISSED_MS,
      get listeningSince() {
        return listening.since
      },
      retention,
      // It is served beside the API.
      consoleUrl: apiUrl,
    }
  }

  /** Begins what happens by itself: schedules and sweeps. */
  start(): void {
    this.#timetable.start()
    for (const tick of this.#ticks) tick.start()
  }

  /** Ends what happens by itself, reconciling too. */
  async rest(): Promise<void> {
    await Promise.all([
      ...this.#ticks.map((tick) => tick.close()),
      this.#timetable.close(),
      this.worklist.close(),
      this.#outbox.close(),
    ])
  }

  closeIngress(): Promise<void> {
    this.#ingressClosed ??= this.ingress.close()
    return this.#ingressClosed
  }

  /** Ends everything but the containers. */
  async close(): Promise<void> {
    await this.rest()
    this.#changes.close()
    await this.closeIngress()
    this.compute.close()
    this.#queue.close()
  }

  readonly reportFailure: Services['report'] = ({ requestId, routeKey, error }) => {
    const denied = this.#failures.tell(`Request ${requestId} (${routeKey})`, error)
    if (denied && routeKey.includes(OF_CONTAINERS)) this.#listening.missed()
    return denied
  }

  #makeWorklist(): LocalWorklist {
    return new LocalWorklist({
      ...TIME,
      run: (key) => reconcile(this.ports, key),
      onError: (error, key) => this.#failed(`Reconciling ${appLabel(key)}`, error),
    })
  }

  #makeCompute({ dir, apiUrl, runner, variables }: Surroundings): LocalCompute {
    return new LocalCompute({
      dir,
      apiUrl: () => apiUrl,
      runner,
      variables,
      onExit: (id, exit) => containerExited(this.ports, id, exit),
      onError: (error, id) => this.#failed(`Clearing up after container ${id}`, error),
    })
  }

  #makeIngress(): LocalIngress {
    return new LocalIngress({
      onWaiting: (whom, waiting) => {
        const what = `Waking ${appLabel(whom)}'s ${whom.function}`
        setWaiting(this.ports, whom, waiting).catch((error) => this.#failed(what, error))
      },
      onReleased: (_, id) => this.#events.publish(`container:${id}`),
      coldStartTimeoutMs: COLD_START_TIMEOUT_MS,
    })
  }

  #makeTimetable(store: SqliteStore): LocalTimetable {
    return new LocalTimetable({
      ...TIME,
      rows: new SqliteTimetableRows(store.database),
      onFire: (row, slot) => scheduleFired(this.ports, { ...row, key: row, slot }),
      onError: (error, row) => this.#failed(`The schedule of ${appLabel(row)}'s ${row.function}`, error),
    })
  }

  #makeOutbox(): LocalOutbox {
    return new LocalOutbox({
      ...TIME,
      run: (errand) => deliver(this.ports, errand),
      onError: (error, { notice }) => this.#failed(`Telling of ${notice}`, error),
    })
  }

  #makeTicks(store: SqliteStore, logs: LocalLogs, dir: string): Tick[] {
    const collect = async () => {
      await collectUnused(this.ports)
      await store.forgetPast(systemClock.now() - PAST_MS)
    }
    const look = async () => {
      try {
        tryToOpen(dir)
      } catch (error) {
        this.#listening.missed()
        throw error
      }
    }
    const prune = async () => {
      const running = (await presentContainers(this.ports)).map(({ id }) => id)
      await logs.prune(systemClock.now() - LOGS_MS, new Set(running))
    }
    return [
      // The sweep may take its time, and is no measure of whether the process hears.
      this.#makeTick('A look at the clock', SWEEP_EVERY_MS, async () => this.#listening.look()),
      this.#makeTick('A look at the state folder', LOOK_EVERY_MS, look),
      this.#makeTick('The wait for the disk', SYNC_EVERY_MS, () => store.durable()),
      this.#makeTick('The sweep', SWEEP_EVERY_MS, () => sweep(this.ports)),
      this.#makeTick('The collection', COLLECT_EVERY_MS, collect),
      this.#makeTick('The removal of old logs', PRUNE_EVERY_MS, prune),
    ]
  }

  #makeTick(what: string, everyMs: number, run: () => Promise<void>): Tick {
    return new Tick({ timers: systemTimers, everyMs, run, onError: (error) => this.#failed(what, error) })
  }

  #failed(what: string, error: unknown): void {
    this.#failures.tell(what, error)
  }
}
