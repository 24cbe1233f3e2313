import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { GroupCommit } from './group-commit.ts'
import { migrate } from './migrations.ts'
import { WriteAheadLog } from './write-ahead-log.ts'

export type Row = Record<string, SQLOutputValue>
export type Bindings = Record<string, SQLInputValue | undefined>

interface Prepared {
  statement: StatementSync
  columns: string[]
}

/**
 * Pages that the log holds before they are brought into the file. Everybody waits for the disk meanwhile, so that is to be
 * seldom; the pages that change most are brought over once for many commits.
 */
const CHECKPOINT_PAGES = 4_000

/** The file is held by another process: a second control plane on the same folder. */
export class DatabaseInUse extends Error {}

/** One connection, its prepared statements, and transactions. */
export class Database {
  readonly connection: DatabaseSync
  readonly commits: GroupCommit
  readonly #statements = new Map<string, Prepared>()
  readonly #log: WriteAheadLog | undefined
  /** How many changes are known to be on the disk. */
  #synced = 0

  /** @throws DatabaseInUse where another process has it open. */
  constructor(path: string) {
    this.connection = new DatabaseSync(path, { timeout: 0 })
    try {
      // The lock is the operating system's: it ends with the process, however that dies.
      // In memory is what savepoints take pages back from: as files it would be written as often as the log.
      // NORMAL: a commit outlives the process at once, but a power cut only after `durable`, which waits off the main thread.
      this.connection.exec(
        `pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal;
         pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}; pragma temp_store = memory`,
      )
      this.connection.exec('begin exclusive; commit')
    } catch (error) {
      this.connection.close()
      if (error instanceof Error && /locked|busy/i.test(error.message))
        throw new DatabaseInUse(path, { cause: error })
      throw error
    }
    migrate(this.connection)
    this.commits = new GroupCommit(this.connection, (sql) => this.#prepared(sql).statement.run())
    this.#log = path === ':memory:' ? undefined : new WriteAheadLog(`${path}-wal`)
  }

  all(sql: string, bindings: Bindings = {}): Row[] {
    const { statement, columns } = this.#prepared(sql)
    const rows = this.#tried(() => statement.all(bound(bindings)))
    return valuesOf(rows).map((values) => toRow(columns, values))
  }

  get(sql: string, bindings: Bindings = {}): Row | undefined {
    const { statement, columns } = this.#prepared(sql)
    const row = this.#tried(() => statement.get(bound(bindings)))
    return row && toRow(columns, row as unknown as Values)
  }

  /** The number of rows that changed. */
  run(sql: string, bindings: Bindings = {}): number {
    const { statement } = this.#prepared(sql)
    return Number(this.#tried(() => statement.run(bound(bindings))).changes)
  }

  /**
   * All or nothing. The connection has one user, this process, so there is nothing to wait for.
   * On a disk it is committed at the end of this turn of the event loop, together with what else is.
   */
  transaction<Result>(work: () => Result): Result {
    const result = this.commits.change(work)
    if (!this.#log) this.commits.settle()
    return result
  }

  /** Resolves once all that was written so far is on the disk. */
  async durable(): Promise<void> {
    const written = Number(this.get('select total_changes() as n')?.n)
    await this.commits.settling
    if (!this.#log || written === this.#synced) return
    await this.#log.synced()
    this.#synced = Math.max(this.#synced, written)
  }

  close(): void {
    this.commits.settle()
    this.#log?.close()
    this.#statements.clear()
    this.connection.close()
  }

  #tried<Result>(statement: () => Result): Result {
    try {
      return statement()
    } catch (error) {
      this.commits.failed(error)
      throw error
    }
  }

  #prepared(sql: string): Prepared {
    let prepared = this.#statements.get(sql)
    if (!prepared) {
      const statement = this.connection.prepare(sql)
      // Values by position are a third cheaper than objects that are given their columns' names one by one.
      statement.setReturnArrays(true)
      prepared = { statement, columns: statement.columns().map(({ name }) => name) }
      this.#statements.set(sql, prepared)
    }
    return prepared
  }
}

type Values = SQLOutputValue[]

/** The types of Node.js do not know that rows may be arrays. */
const valuesOf = (rows: unknown): Values[] => rows as Values[]

function toRow(columns: string[], values: Values): Row {
  const row: Row = {}
  for (let i = 0; i < columns.length; i++) row[columns[i] as string] = values[i] as SQLOutputValue
  return row
}

/** SQLite has null where the domain has absence. Most bindings lack nothing, and are used as they are. */
function bound(bindings: Bindings): Record<string, SQLInputValue> {
  for (const key in bindings) if (bindings[key] === undefined) return withNulls(bindings)
  return bindings as Record<string, SQLInputValue>
}

function withNulls(bindings: Bindings): Record<string, SQLInputValue> {
  const values: Record<string, SQLInputValue> = {}
  for (const key in bindings) values[key] = bindings[key] ?? null
  return values
}
