import type { DatabaseSync } from 'node:sqlite'
import type { AppKey } from '../../protocol/names.ts'
import type { TimetableRow, TimetableRows } from './timetable.ts'

/** The timetable's rows in its own table, which the store's migrations make. */
export class SqliteTimetableRows implements TimetableRows {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  load(): TimetableRow[] {
    const rows = this.#database
      .prepare('select env, app, function, schedule, anchor, last_slot from timetable')
      .all()
    return rows.map((row) => ({
      env: String(row.env),
      app: String(row.app),
      function: String(row.function),
      schedule: JSON.parse(String(row.schedule)),
      anchor: Number(row.anchor),
      ...(row.last_slot !== null && { lastSlot: Number(row.last_slot) }),
    }))
  }

  replace({ env, app }: AppKey, rows: TimetableRow[]): void {
    const insert = this.#database.prepare(
      'insert into timetable (env, app, function, schedule, anchor, last_slot) values (?, ?, ?, ?, ?, ?)',
    )
    this.#database.exec('begin immediate')
    try {
      this.#database.prepare('delete from timetable where env = ? and app = ?').run(env, app)
      for (const { function: name, schedule, anchor, lastSlot } of rows) {
        insert.run(env, app, name, JSON.stringify(schedule), anchor, lastSlot ?? null)
      }
      this.#database.exec('commit')
    } catch (error) {
      this.#database.exec('rollback')
      throw error
    }
  }

  fired({ env, app, function: name }: TimetableRow, slot: number): void {
    this.#database
      .prepare('update timetable set last_slot = ? where env = ? and app = ? and function = ?')
      .run(slot, env, app, name)
  }
}
