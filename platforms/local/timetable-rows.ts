import type { AppKey } from '../../protocol/names.ts'
import type { Database } from './store/database.ts'
import type { TimetableRow, TimetableRows } from './timetable.ts'

const INSERT = `
  insert into timetable (env, app, function, schedule, anchor, last_slot)
  values ($env, $app, $name, $schedule, $anchor, $lastSlot)`

/** The timetable's rows in its own table, which the store's migrations make. */
export class SqliteTimetableRows implements TimetableRows {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  load(): TimetableRow[] {
    const rows = this.#database.all('select env, app, function, schedule, anchor, last_slot from timetable')
    return rows.map((row) => ({
      env: String(row.env),
      app: String(row.app),
      function: String(row.function),
      schedule: JSON.parse(String(row.schedule)),
      anchor: Number(row.anchor),
      ...(row.last_slot !== null && { lastSlot: Number(row.last_slot) }),
    }))
  }

  async replace({ env, app }: AppKey, rows: TimetableRow[]): Promise<void> {
    this.#database.transaction(() => {
      this.#database.run('delete from timetable where env = $env and app = $app', { env, app })
      for (const { function: name, schedule, anchor, lastSlot } of rows)
        this.#database.run(INSERT, { env, app, name, schedule: JSON.stringify(schedule), anchor, lastSlot })
    })
    await this.#database.commits.settling
  }

  fired({ env, app, function: name }: TimetableRow, slot: number): void {
    this.#database.run(
      'update timetable set last_slot = $slot where env = $env and app = $app and function = $name',
      { env, app, name, slot },
    )
  }
}
