import assert from 'node:assert/strict'
import type { Timetable } from '../../control/ports.ts'
import type { ScheduleEntry } from '../../control/schedule-model.ts'
import type { FiringWord } from '../../control/schedules.ts'
import type { SqliteStore } from '../../platforms/local/store/store.ts'
import type { AppKey } from '../../protocol/names.ts'
import { nextSlot } from '../../protocol/slots.ts'
import type { FaultInjector } from './fault-injector.ts'
import type { Random } from './random.ts'
import type { Time } from './time.ts'

interface Standing {
  entry: ScheduleEntry
  /** No slot until then is anybody's concern. */
  since: number
}

/** Milliseconds by which a word that is late may be. */
const LATE_MS = 25_000
/** Milliseconds within which a call that a schedule made is on record. */
const RECORDED_MS = 10_000
/** After so long, and a sweep, a slot is accounted for: it has fired, or is known not to have. */
const ACCOUNTED_MS = 30_000

/** A scheduler that is asked by `sync`, and whose words get lost, come twice, late and out of order. */
export class Scheduler implements Timetable {
  readonly #time: Time
  readonly #random: Random
  readonly #injector: FaultInjector
  readonly #tell: (word: FiringWord) => void
  #turn = 0
  #standing = new Map<string, Standing>()

  constructor(time: Time, random: Random, injector: FaultInjector, tell: (word: FiringWord) => void) {
    this.#time = time
    this.#random = random
    this.#injector = injector
    this.#tell = tell
  }

  get functions(): string[] {
    return [...this.#standing.keys()]
  }

  async sync(key: AppKey, turn: number, entries: ScheduleEntry[], at: number): Promise<void> {
    if (turn < this.#turn) return
    this.#turn = turn
    const before = this.#standing
    const standing = entries.map((entry): [string, Standing] => {
      const known = before.get(entry.function)
      return [entry.function, known && isSame(known.entry, entry) ? known : { entry, since: at }]
    })
    this.#standing = new Map(standing)
    for (const [name, one] of standing) if (before.get(name) !== one) this.#await(key, one, at)
  }

  /** "A slot runs once, or is told as missed": each that was due while its schedule stood has one record, and one call at most. */
  async checkAtRest(
    key: AppKey,
    store: SqliteStore,
    { liveSince, clockErrorMs }: { liveSince: number; clockErrorMs: number },
  ): Promise<void> {
    const now = this.#time.now - clockErrorMs
    const until = now - ACCOUNTED_MS
    for (const { entry, since } of this.#standing.values()) {
      const from = Math.max(since, liveSince)
      for (let slot = next(entry, from); slot <= until; slot = next(entry, slot)) {
        const known = await store.firing(key, entry.function, slot)
        assert.ok(
          known,
          `nothing is known of the slot ${slot} of ${entry.function}, which stood since ${from}`,
        )
      }
    }
    await checkCalls(key, store, now - RECORDED_MS)
    checkTold(store)
  }

  #await(key: AppKey, standing: Standing, after: number): void {
    const { entry } = standing
    const slot = next(entry, after)
    this.#time.after(slot - this.#time.now, () => {
      if (this.#standing.get(entry.function) !== standing) return
      this.#fire({ key, function: entry.function, schedule: entry.schedule, slot })
      this.#await(key, standing, slot)
    })
  }

  #fire(word: FiringWord): void {
    const injector = this.#injector
    const { function: name } = word
    const times = injector.occurs('slotLoss', name) ? 0 : injector.occurs('slotDoubling', name) ? 2 : 1
    for (let i = 0; i < times; i++) {
      const delay = this.#random.between(0, injector.occurs('slotLate', name) ? LATE_MS : 50)
      this.#time.after(delay, () => this.#tell(word))
    }
  }
}

/** What was run is told as run, and nothing else is. */
async function checkCalls(key: AppKey, store: SqliteStore, until: number): Promise<void> {
  const rows = store.database.all(
    `select function, id, idempotency_key from calls
     where source = 'schedule' and idempotency_key not like '%/run/%' and created_at <= $until`,
    { until },
  )
  for (const { function: name, id, idempotency_key: made } of rows) {
    const slot = Number(String(made).split('/')[2])
    const known = await store.firing(key, String(name), slot)
    assert.equal(
      known?.call,
      id,
      `the slot ${slot} of ${name} became ${id}, and is told as ${known?.outcome}`,
    )
  }
  const invented = store.database.all(
    'select slot from firings f where call is not null and not exists (select 1 from calls where id = f.call)',
  )
  assert.deepEqual(invented, [], 'a slot is told as run that was not')
}

function checkTold(store: SqliteStore): void {
  const untold = store.database.all(
    `select function from firings f where outcome = 'missed'
     and not exists (select 1 from notices where id like 'firing_missed/main/shop/' || f.function || '/%')`,
  )
  assert.deepEqual(untold, [], 'nobody was told of a slot that was missed')
}

const isSame = (a: ScheduleEntry, b: ScheduleEntry): boolean =>
  a.anchor === b.anchor && JSON.stringify(a.schedule) === JSON.stringify(b.schedule)

const next = ({ schedule, anchor }: ScheduleEntry, after: number): number =>
  nextSlot(schedule, anchor, after) ?? Number.POSITIVE_INFINITY
