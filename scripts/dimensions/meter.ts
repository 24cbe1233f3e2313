import { readFileSync } from 'node:fs'
import type { Database, Row } from '../../platforms/local/store/database.ts'
import type { SqliteStore } from '../../platforms/local/store/store.ts'

const PAGE_BYTES = 4_096
const IO = '/proc/self/io'
/** Of the rows that a query looks at, how many are in memory does not depend on how many there are. */
const NO_CACHE = 'pragma cache_size = 0; pragma shrink_memory'
const USUAL_CACHE = 'pragma cache_size = -2000'

/** What something cost the store. */
export interface Counted {
  /** Operations of the port. */
  operations: number
  statements: number
  /** Pages of the file that the statements read; 0 where the operating system does not tell. */
  pages: number
  /** The same, by statement. */
  pagesBy: Map<string, number>
}

const nothing = (): Counted => ({ operations: 0, statements: 0, pages: 0, pagesBy: new Map() })

/** Counts what is asked of a store, and of its database. */
export class Meter {
  /** The store, counted. */
  readonly store: SqliteStore
  readonly #database: Database
  readonly #seen = new Set<string>()
  #counted = nothing()
  #isCounting = false

  constructor(store: SqliteStore) {
    this.#database = store.database
    this.store = this.#countOperations({ ...store, early: this.#countOperations(store.early) })
    this.#countStatements(store.database)
  }

  /** As though nothing of the file were in memory, so that every page that is looked at is read. */
  async count(work: () => Promise<void>): Promise<Counted> {
    const { connection } = this.#database
    connection.exec(NO_CACHE)
    this.#counted = nothing()
    this.#isCounting = true
    try {
      await work()
    } finally {
      this.#isCounting = false
      connection.exec(USUAL_CACHE)
    }
    return this.#counted
  }

  /** Of the statements that were counted, those that look at all rows of a table, or of an index of it. */
  scans(): string[] {
    return [...this.#seen].filter((sql) =>
      this.#database.connection
        .prepare(`explain query plan ${sql}`)
        .all()
        .some(({ detail }) => isScan(String(detail), sql)),
    )
  }

  #countOperations<Operations extends object>(store: Operations): Operations {
    return new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => {
          this.#counted.operations += 1
          return value.apply(target, given)
        }
      },
    })
  }

  #countStatements(database: Database): void {
    const { all, get, run } = database
    database.all = (...given): Row[] => this.#countPages(given[0], () => all.apply(database, given))
    database.get = (...given) => this.#countPages(given[0], () => get.apply(database, given))
    database.run = (...given) => this.#countPages(given[0], () => run.apply(database, given))
  }

  #countPages<Result>(sql: string, statement: () => Result): Result {
    if (!this.#isCounting) return statement()
    this.#seen.add(sql)
    this.#counted.statements += 1
    const before = bytesRead()
    try {
      return statement()
    } finally {
      const pages = Math.floor((bytesRead() - before) / PAGE_BYTES)
      const { pagesBy } = this.#counted
      this.#counted.pages += pages
      pagesBy.set(sql, (pagesBy.get(sql) ?? 0) + pages)
    }
  }
}

/** What the process has read so far, from files that are in the system's cache, too. */
function bytesRead(): number {
  try {
    return Number(/^rchar: (\d+)/.exec(readFileSync(IO, 'utf8'))?.[1])
  } catch {
    return 0
  }
}

/** The words of a list that came with the statement are no table, and of an index's end one row is looked at. */
function isScan(detail: string, sql: string): boolean {
  return (
    detail.startsWith('SCAN') && !/^SCAN (json_each|value|CONSTANT ROW)/.test(detail) && !/limit 1$/.test(sql)
  )
}
