import type { DatabaseSync } from 'node:sqlite'

/**
 * What changes within one turn of the event loop shares a commit, which costs more than most changes do. Until it has
 * settled, a crash takes it all back: nobody outside may hear of it.
 */
export class GroupCommit {
  readonly #connection: DatabaseSync
  readonly #run: (sql: string) => void
  #open: PromiseWithResolvers<void> | undefined
  #end: NodeJS.Immediate | undefined
  #losses = 0
  #lastLoss: unknown

  /** @param run executes a statement, which it may keep prepared */
  constructor(connection: DatabaseSync, run: (sql: string) => void) {
    this.#connection = connection
    this.#run = run
  }

  /** Resolves once all that was changed so far is committed, and rejects where it was not; undefined where it is. */
  get settling(): Promise<void> | undefined {
    return this.#open?.promise
  }

  /** What it returns resolves once all that has changed since is committed, and rejects where any of it was lost. */
  follow(): () => Promise<void> {
    const losses = this.#losses
    return async () => {
      await this.settling
      if (this.#losses !== losses) throw this.#lastLoss
    }
  }

  /** All or nothing, whatever becomes of what else changes in this turn. */
  change<Result>(work: () => Result): Result {
    if (!this.#open) this.#begin()
    this.#run('savepoint change')
    try {
      const result = work()
      this.#run('release change')
      return result
    } catch (error) {
      this.#takeBack(error)
      throw error
    }
  }

  /** To be told of every statement that failed: with a full disk, SQLite takes back the whole transaction by itself. */
  failed(error: unknown): void {
    if (!this.#connection.isTransaction) this.#lose(this.#close(), error)
  }

  /** Commits at once. */
  settle(): void {
    const open = this.#close()
    if (!open) return
    try {
      this.#run('commit')
      open.resolve()
    } catch (error) {
      if (this.#connection.isTransaction) this.#run('rollback')
      this.#lose(open, error)
    }
  }

  #begin(): void {
    this.#run('begin immediate')
    this.#open = Promise.withResolvers()
    // Whoever waits for it is told; there need not be anybody.
    this.#open.promise.catch(() => undefined)
    this.#end = setImmediate(() => this.settle())
  }

  #takeBack(error: unknown): void {
    this.failed(error)
    if (!this.#connection.isTransaction) return
    this.#run('rollback to change')
    this.#run('release change')
  }

  #lose(open: PromiseWithResolvers<void> | undefined, error: unknown): void {
    if (!open) return
    this.#losses += 1
    this.#lastLoss = error
    open.reject(error)
  }

  #close(): PromiseWithResolvers<void> | undefined {
    clearImmediate(this.#end)
    const open = this.#open
    this.#open = undefined
    return open
  }
}

/** The operations, each of which answers only when what it did, and what it saw of others, is committed. */
export function answeringOnceSettled<Operations extends object>(
  commits: Pick<GroupCommit, 'settling'>,
  operations: Operations,
): Operations {
  const wrapped = Object.entries(operations).map(([name, operation]) => [
    name,
    (...given: unknown[]) => {
      const answer: Promise<unknown> = operation(...given)
      const { settling } = commits
      return settling ? Promise.all([answer, settling]).then(([result]) => result) : answer
    },
  ])
  return Object.fromEntries(wrapped)
}
