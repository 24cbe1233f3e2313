import { containerExited } from '../../control/containers.ts'
import type { Ports } from '../../control/ports.ts'
import { reconcile } from '../../control/reconcile.ts'
import { scheduleFired } from '../../control/schedules.ts'
import { sweep } from '../../control/sweep.ts'
import { setWaiting } from '../../control/wake.ts'
import { appLabel } from '../../protocol/names.ts'
import { LocalBlobs } from './blobs/blobs.ts'
import { systemClock, systemTimers } from './clock.ts'
import { LocalCompute } from './compute/compute.ts'
import { LocalEvents } from './events.ts'
import { LocalIds } from './ids.ts'
import { LocalIngress } from './ingress/ingress.ts'
import { openKeys } from './keys.ts'
import { LocalLogs } from './logs.ts'
import { LocalQueue } from './queue.ts'
import type { Services } from './server/dispatch.ts'
import type { SqliteStore } from './store/store.ts'
import { Tick } from './tick.ts'
import { LocalTimetable } from './timetable.ts'
import { SqliteTimetableRows } from './timetable-rows.ts'
import { LocalWorklist } from './worklist.ts'

/** How long a container's request is held while there is nothing for it. */
const HOLD_MS = 20_000
const SWEEP_EVERY_MS = 1_000
/** A web request that wakes its function waits for so long; most clients give up earlier. */
const COLD_START_TIMEOUT_MS = 120_000

export interface Surroundings {
  dir: string
  store: SqliteStore
  apiUrl: string
  runner: { path: string }
  variables: Record<string, string | undefined>
  log: (message: string) => void
}

export interface Parts {
  ports: Ports
  blobs: LocalBlobs
  compute: LocalCompute
  ingress: LocalIngress
  worklist: LocalWorklist
  reportFailure: Services['report']
  /** Begins what happens by itself: schedules and sweeps. */
  start(): void
  /** Ends what happens by itself, reconciling too. */
  rest(): Promise<void>
  closeIngress(): Promise<void>
  /** Ends everything but the containers. */
  close(): Promise<void>
}

/** Every port of this platform, joined to the use-cases that it tells of what happens. */
export function assemble({ dir, store, apiUrl, runner, variables, log }: Surroundings): Parts {
  const say = (what: string) => (error: unknown) => log(`${what} failed: ${reasonOf(error)}`)
  const common = { clock: systemClock, timers: systemTimers }
  const events = new LocalEvents()
  const queue = new LocalQueue(common)
  const keys = openKeys(dir)
  const blobs = new LocalBlobs({ dir, keys, clock: systemClock, apiUrl: () => apiUrl })
  const worklist = new LocalWorklist({
    ...common,
    run: (key) => reconcile(ports, key),
    onError: (error, key) => say(`Reconciling ${appLabel(key)}`)(error),
  })
  const compute = new LocalCompute({
    dir,
    apiUrl: () => apiUrl,
    runner,
    variables,
    onExit: (id, exit) => containerExited(ports, id, exit),
    onError: (error, id) => say(`Clearing up after container ${id}`)(error),
  })
  const ingress = new LocalIngress({
    onWaiting: (owner, waiting) => {
      setWaiting(ports, owner, waiting).catch(say(`Waking ${appLabel(owner)}'s ${owner.function}`))
    },
    onReleased: (_, id) => events.publish(`container:${id}`),
    coldStartTimeoutMs: COLD_START_TIMEOUT_MS,
  })
  const timetable = new LocalTimetable({
    ...common,
    rows: new SqliteTimetableRows(store.database.connection),
    onFire: (row, slot) => scheduleFired(ports, { ...row, key: row, slot }),
    onError: (error, row) => say(`The schedule of ${appLabel(row)}'s ${row.function}`)(error),
  })
  const tick = new Tick({
    timers: systemTimers,
    everyMs: SWEEP_EVERY_MS,
    run: () => sweep(ports),
    onError: say('The sweep'),
  })
  const ports: Ports = {
    store,
    queue,
    compute,
    ingress,
    timetable,
    blobs,
    logs: new LocalLogs(dir),
    events,
    worklist,
    keys,
    clock: systemClock,
    ids: new LocalIds(systemClock),
    holdMs: HOLD_MS,
    listeningSince: systemClock.now(),
  }
  let ingressClosed: Promise<void> | undefined
  const closeIngress = () => (ingressClosed ??= ingress.close())
  const rest = async () => {
    await Promise.all([tick.close(), timetable.close(), worklist.close()])
  }
  return {
    ports,
    blobs,
    compute,
    ingress,
    worklist,
    reportFailure: ({ requestId, routeKey, error }) => say(`Request ${requestId} (${routeKey})`)(error),
    start: () => {
      timetable.start()
      tick.start()
    },
    rest,
    closeIngress,
    close: async () => {
      await rest()
      await closeIngress()
      compute.close()
      queue.close()
    },
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
