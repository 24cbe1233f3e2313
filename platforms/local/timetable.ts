import { isDeepStrictEqual } from 'node:util'
import type { Clock, Timetable } from '../../control/ports.ts'
import type { ScheduleEntry } from '../../control/schedule-model.ts'
import type { Schedule } from '../../protocol/manifest.ts'
import type { AppKey } from '../../protocol/names.ts'
import { lastSlot, nextSlot } from '../../protocol/slots.ts'
import { Agenda } from './agenda.ts'
import type { Timers } from './clock.ts'

const RETRY_MS = 1_000
/** Further tries of a slot, after the first. */
const MAX_RETRIES = 5

export interface TimetableRow extends AppKey {
  function: string
  schedule: Schedule
  /** Where a period counts from, milliseconds since the epoch. */
  anchor: number
  /** The last slot that was fired, or that had passed when the schedule began. */
  lastSlot?: number
}

/** Where the rows are kept. */
export interface TimetableRows {
  load(): TimetableRow[]
  /** Makes these the app's rows, all or none. */
  replace(key: AppKey, rows: TimetableRow[]): Promise<void>
  fired(row: TimetableRow, slot: number): void
}

interface TimetableOptions {
  rows: TimetableRows
  clock: Clock
  timers: Timers
  /** Does what a slot is for. It may come again for a slot, after a failure or a crash. */
  onFire: (row: TimetableRow, slot: number) => Promise<void>
  /** Told when a slot was given up. */
  onError: (error: unknown, row: TimetableRow, slot: number) => void
}

/** A row, and the slot of it that is being tried. */
interface Entry {
  row: TimetableRow
  slot: number | undefined
  failures: number
}

/**
 * Fires schedules from this process. Of the slots that passed while it was down, or could not fire, only the latest one
 * of each schedule is made up for.
 */
export class LocalTimetable implements Timetable {
  readonly #options: TimetableOptions
  readonly #agenda: Agenda<Entry>
  /** App → function → entry. */
  readonly #apps = new Map<string, Map<string, Entry>>()
  /** App → the highest turn in which something was said of it, to this process. */
  readonly #turns = new Map<string, number>()
  /** Apps whose rows are not those that are written: they could not be. */
  readonly #unwritten = new Set<string>()
  readonly #firing = new Set<Promise<void>>()
  #started = false

  constructor(options: TimetableOptions) {
    this.#options = options
    const { clock, timers, rows } = options
    this.#agenda = new Agenda({ clock, timers, onDue: (entry) => this.#fireIfDue(entry) })
    for (const row of rows.load()) this.#entriesOf(row).set(row.function, newEntry(row))
  }

  /** Begins to fire, with what was missed first. */
  start(): void {
    this.#started = true
    for (const entries of this.#apps.values()) {
      for (const entry of entries.values()) this.#fireIfDue(entry)
    }
  }

  async sync(key: AppKey, turn: number, schedules: ScheduleEntry[], at: number): Promise<void> {
    const highest = this.#turns.get(nameOf(key)) ?? 0
    if (turn < highest) return
    this.#turns.set(nameOf(key), turn)
    const before = this.#entriesOf(key)
    const after = new Map(schedules.map((wanted) => [wanted.function, entryFor(key, wanted, before, at)]))
    const entries = [...after.values()]
    const differs = entries.length !== before.size || entries.some((entry) => !isAmong(entry, before))
    this.#apps.set(nameOf(key), after)
    for (const entry of before.values()) if (!isAmong(entry, after)) this.#agenda.delete(entry)
    for (const entry of entries) if (!isAmong(entry, before)) this.#plan(entry)
    if (after.size === 0) this.#apps.delete(nameOf(key))
    if (differs || this.#unwritten.has(nameOf(key))) await this.#write(key, entries)
  }

  /** Fires nothing more, and waits for what is being fired. */
  async close(): Promise<void> {
    this.#started = false
    this.#agenda.close()
    await Promise.all(this.#firing)
  }

  async #write(key: AppKey, entries: Entry[]): Promise<void> {
    this.#unwritten.delete(nameOf(key))
    try {
      const rows = entries.map(({ row }) => row)
      await this.#options.rows.replace(key, rows)
    } catch (error) {
      this.#unwritten.add(nameOf(key))
      throw error
    }
  }

  #fireIfDue(entry: Entry): void {
    const { row } = entry
    const after = row.lastSlot ?? row.anchor
    entry.slot ??= lastSlot(row.schedule, row.anchor, { after, until: this.#options.clock.now() })
    if (entry.slot === undefined) {
      this.#plan(entry)
      return
    }
    const firing = this.#fire(entry, entry.slot).finally(() => this.#firing.delete(firing))
    this.#firing.add(firing)
  }

  async #fire(entry: Entry, slot: number): Promise<void> {
    try {
      await this.#options.onFire(entry.row, slot)
      if (this.#isCurrent(entry)) this.#options.rows.fired(entry.row, slot)
      this.#leave(entry, slot)
    } catch (error) {
      this.#retry(entry, slot, error)
    }
  }

  #retry(entry: Entry, slot: number, error: unknown): void {
    entry.failures += 1
    if (entry.failures > MAX_RETRIES) {
      this.#options.onError(error, entry.row, slot)
      this.#leave(entry, slot)
    } else if (this.#started && this.#isCurrent(entry)) {
      this.#agenda.set(entry, this.#options.clock.now() + RETRY_MS)
    }
  }

  /** Goes on to the next slot; to the last one at once if others passed meanwhile. */
  #leave(entry: Entry, slot: number): void {
    entry.row.lastSlot = slot
    entry.slot = undefined
    entry.failures = 0
    this.#plan(entry)
  }

  #plan(entry: Entry): void {
    if (!this.#started || !this.#isCurrent(entry)) return
    const { schedule, anchor, lastSlot } = entry.row
    const at = nextSlot(schedule, anchor, lastSlot ?? anchor)
    if (at !== undefined) this.#agenda.set(entry, at)
  }

  /** A sync may have taken it out while it was being fired. */
  #isCurrent(entry: Entry): boolean {
    return this.#apps.get(nameOf(entry.row))?.get(entry.row.function) === entry
  }

  #entriesOf(key: AppKey): Map<string, Entry> {
    const known = this.#apps.get(nameOf(key))
    if (known) return known
    const added = new Map<string, Entry>()
    this.#apps.set(nameOf(key), added)
    return added
  }
}

const nameOf = ({ env, app }: AppKey): string => `${env}/${app}`

const newEntry = (row: TimetableRow): Entry => ({ row, slot: undefined, failures: 0 })

/** A schedule that is there already goes on; what passed before one was there is not made up for. */
function entryFor(key: AppKey, wanted: ScheduleEntry, before: Map<string, Entry>, at: number): Entry {
  const known = before.get(wanted.function)
  const { schedule, anchor } = wanted
  if (known && known.row.anchor === anchor && isDeepStrictEqual(known.row.schedule, schedule)) return known
  return newEntry({ env: key.env, app: key.app, ...wanted, lastSlot: Math.max(at, anchor) })
}

const isAmong = (entry: Entry, entries: Map<string, Entry>): boolean =>
  entries.get(entry.row.function) === entry
