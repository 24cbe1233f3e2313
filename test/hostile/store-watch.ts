import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { storePath } from '../../platforms/local/state-folder.ts'

/** What time alone changes, and no request: that a container was heard of. */
const LIVENESS = /"(seen_at|idle_since)":(\d+|null)/g

/** A control plane that writes all the time is not one at which nothing changes. */
const MOST_COPIES = 100

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
    // A copy of what is written to meanwhile may end somewhere before; what has changed is so at a second look, too.
    for (let looks = 0; looks < 2; looks++) {
      this.look()
      if (differenceOf(before, this.#rows) === undefined) return undefined
    }
    return differenceOf(before, this.#rows)
  }

  /** What is written while it is copied leaves a copy that ends somewhere before: that one is made again. */
  #copyTo(copy: string): void {
    for (let copies = 0; copies < MOST_COPIES; copies++) {
      const written = this.#lastWritten()
      for (const end of ['', '-wal']) writeFileSync(copy + end, readFileSync(this.#path + end))
      if (this.#lastWritten() === written) return
    }
    throw new Error(`${this.#path} was written to during each of ${MOST_COPIES} copies.`)
  }

  /** Every commit goes to the write-ahead log first. */
  #lastWritten(): string {
    const { size, mtimeNs } = statSync(`${this.#path}-wal`, { bigint: true })
    return `${size} ${mtimeNs}`
  }

  #read(): Set<string> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-store-'))
    const copy = join(folder, 'copy.db')
    this.#copyTo(copy)
    const database = new DatabaseSync(copy)
    try {
      return new Set(rowsOf(database).map((row) => row.replaceAll(LIVENESS, '')))
    } finally {
      database.close()
      rmSync(folder, { recursive: true })
    }
  }
}

function differenceOf(before: ReadonlySet<string>, now: ReadonlySet<string>): string | undefined {
  const isNew = [...now].find((row) => !before.has(row))
  return isNew ?? [...before].find((row) => !now.has(row))
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
