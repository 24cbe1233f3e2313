import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { deploy } from '../../control/deploy.ts'
import { seeToMissedFirings } from '../../control/missed-firings.ts'
import type { Notice } from '../../control/notice-model.ts'
import type { Ports } from '../../control/ports.ts'
import { reconcile } from '../../control/reconcile.ts'
import { type FiringWord, scheduleFired } from '../../control/schedules.ts'
import { LocalEvents } from '../../platforms/local/events.ts'
import { LocalIds } from '../../platforms/local/ids.ts'
import { LocalQueue } from '../../platforms/local/queue.ts'
import { openStore, type SqliteStore } from '../../platforms/local/store/store.ts'
import { Tick } from '../../platforms/local/tick.ts'
import { LocalTimetable } from '../../platforms/local/timetable.ts'
import { SqliteTimetableRows } from '../../platforms/local/timetable-rows.ts'
import { LocalWorklist } from '../../platforms/local/worklist.ts'
import { type FunctionSpecInput, Manifest } from '../../protocol/manifest.ts'
import { DEFAULT_RETENTION } from '../../protocol/retention.ts'
import { VirtualTime } from '../platforms/local/virtual-time.ts'
import { SHOP } from './shop.ts'

export const START = '2026-03-01T00:00:00Z'
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
const SWEEP_MS = 10_000
const MISSED_MS = 15_000

/** The domain, the store and the timetable as they are, in time that passes only when a test says so. */
export class ScheduleScene {
  readonly time: VirtualTime
  readonly ports: Ports
  readonly store: SqliteStore = openStore(':memory:')
  readonly faults: unknown[] = []
  readonly #worklist: LocalWorklist
  #timetable: LocalTimetable
  #tick: Tick
  /** While set, the timetable has nothing to say. */
  isSilent = false

  constructor(start = START) {
    this.time = new VirtualTime(start)
    const TIME = { clock: this.time, timers: this.time }
    const onError = (error: unknown) => this.faults.push(error)
    this.#worklist = new LocalWorklist({ ...TIME, run: (key) => reconcile(this.ports, key), onError })
    this.#timetable = this.#makeTimetable()
    this.#tick = this.#makeTick()
    const hash = (text: string) => createHash('sha256').update(text).digest('hex')
    this.ports = {
      store: this.store,
      queue: new LocalQueue(TIME),
      // Calls stay as they were made: nothing runs them, and nothing that could not gives them up.
      compute: { launch: async () => ({ kind: 'refused', reason: 'no room' }), stop: async () => 'gone' },
      ingress: {
        url: (label) => label,
        point: async () => 'pointed',
        remove: async () => {},
        isReleased: async () => true,
      },
      timetable: { sync: (...args) => this.#timetable.sync(...args) },
      blobs: {
        missing: async () => [],
        uploadUrl: async (url) => ({ url }),
        downloadUrl: async (url) => url,
        put: async (content) => hash(content.toString()),
        get: async () => undefined,
        touch: async () => true,
        list: async () => ({ items: [] }),
        remove: async () => {},
      },
      secrets: { put: async () => {}, get: async () => undefined, remove: async () => {} },
      logs: { read: async function* () {}, write: async () => {}, remove: async () => {} },
      events: new LocalEvents(),
      worklist: this.#worklist,
      outbox: { add: async () => {} },
      notifier: { refusal: async () => undefined, deliver: async () => ({ kind: 'delivered' }) },
      keys: { hash, mac: hash },
      tariff: { region: 'us-east-1', architecture: 'arm64', hasAddress: false },
      clock: this.time,
      ids: new LocalIds(this.time),
      holdMs: 0,
      heartbeatMs: 5_000,
      reportMs: 60_000,
      overrunMs: 300_000,
      silenceMs: 30_000,
      launchMs: 0,
      missedMs: MISSED_MS,
      listeningSince: 0,
      retention: DEFAULT_RETENTION,
      consoleUrl: 'http://console.test',
    }
    this.up()
  }

  up(): void {
    this.ports.listeningSince = this.time.now()
    this.#timetable = this.#makeTimetable()
    this.#tick = this.#makeTick()
    this.#timetable.start()
    this.#tick.start()
  }

  async down(): Promise<void> {
    await Promise.all([this.#timetable.close(), this.#tick.close()])
  }

  /** A version with these functions, live and settled. */
  async deploy(functions: Record<string, Omit<FunctionSpecInput, 'kind'>>): Promise<number> {
    const manifest = Manifest.parse({
      app: SHOP.app,
      bundle: { code: { path: 'app.mjs', sha256: '0'.repeat(64), size: 4 } },
      functions: {
        idle: { kind: 'plain' },
        ...Object.fromEntries(
          Object.entries(functions).map(([name, spec]) => [name, { kind: 'scheduled', ...spec }]),
        ),
      },
    })
    const { version } = await deploy(this.ports, { key: SHOP, manifest, by: 'ada', strategy: 'rolling' })
    await this.settled()
    return version.version
  }

  /** What was asked of the reconciler has been done. */
  async settled(): Promise<void> {
    await this.time.advance(1)
    await this.#worklist.idle()
    assert.deepEqual(this.faults, [])
  }

  /** What became of a function's slots, oldest first: the time of day, and how it went. */
  async outcomes(name: string): Promise<string[]> {
    const firings = await this.store.firings(SHOP, name, { since: 0, limit: 100 })
    return firings
      .map(({ slot, outcome }) => `${new Date(slot).toISOString().slice(11, 16)} ${outcome}`)
      .reverse()
  }

  /** When calls were made, oldest first. */
  async calls(name: string): Promise<string[]> {
    const { items } = await this.store.calls(SHOP, { function: name }, { limit: 200 })
    return items.map(({ createdAt }) => new Date(createdAt).toISOString().slice(11, 16)).reverse()
  }

  /** What people are told. */
  async notices(): Promise<Notice[]> {
    const rows = this.store.database.all('select id from notices order by id')
    const notices = await Promise.all(rows.map(({ id }) => this.store.notice(String(id))))
    return notices.flatMap((notice) => notice ?? [])
  }

  tell(word: Omit<FiringWord, 'key'>): Promise<void> {
    return scheduleFired(this.ports, { ...word, key: SHOP })
  }

  async close(): Promise<void> {
    await this.down()
    await this.#worklist.close()
    this.store.close()
  }

  #makeTimetable(): LocalTimetable {
    return new LocalTimetable({
      clock: this.time,
      timers: this.time,
      rows: new SqliteTimetableRows(this.store.database),
      onFire: async (row, slot) => {
        if (!this.isSilent) await scheduleFired(this.ports, { ...row, key: row, slot })
      },
      onError: (error) => this.faults.push(error),
    })
  }

  #makeTick(): Tick {
    return new Tick({
      timers: this.time,
      everyMs: SWEEP_MS,
      run: () => seeToMissedFirings(this.ports),
      onError: (error) => this.faults.push(error),
    })
  }
}
