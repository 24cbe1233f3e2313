import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { storePath } from '../../platforms/local/state-folder.ts'

/** What time alone changes, and no request: that a container was heard of. */
const LIVENESS = /"(seen_at|idle_since)":(\d+|null)/g

/**
 * Sees whether anything in a control plane's store has changed, while that runs. It has its database for itself, so what
 * is looked at is a copy, and only once something was written.
 */
export class StoreWatch {
  readonly #path: string
  #written: string
  #rows: Set<string>

  constructor(dir: string) {
    this.#path = storePath(dir)
    this.#written = this.#lastWritten()
    this.#rows = this.#read()
  }

  /** From here on, changes are told. */
  look(): void {
    this.#written = this.#lastWritten()
    this.#rows = this.#read()
  }

  /** A row that has come or gone since the last look; undefined where nothing has. */
  change(): string | undefined {
    if (this.#lastWritten() === this.#written) return undefined
    const before = this.#rows
    this.look()
    const isNew = [...this.#rows].find((row) => !before.has(row))
    return isNew ?? [...before].find((row) => !this.#rows.has(row))
  }

  /** Every commit goes to the write-ahead log first. */
  #lastWritten(): string {
    const { size, mtimeNs } = statSync(`${this.#path}-wal`, { bigint: true })
    return `${size} ${mtimeNs}`
  }

  #read(): Set<string> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-store-'))
    const copy = join(folder, 'copy.db')
    copyFileSync(this.#path, copy)
    copyFileSync(`${this.#path}-wal`, `${copy}-wal`)
    const database = new DatabaseSync(copy)
    try {
      return new Set(rowsOf(database).map((row) => row.replaceAll(LIVENESS, '')))
    } finally {
      database.close()
      rmSync(folder, { recursive: true })
    }
  }
}

function rowsOf(database: DatabaseSync): string[] {
  const tables = database
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
    .all()
  return tables.flatMap(({ name }) =>
    database
      .prepare(`select * from "${name}"`)
      .all()
      .map((row) => `${name} ${JSON.stringify(row)}`),
  )
}
