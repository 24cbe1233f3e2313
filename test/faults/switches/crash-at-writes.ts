import childProcess from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import { atPoint, loadPlan } from './points.ts'

/**
 * Loaded into a control plane before all else, it makes a point of each write: of what is committed, of files, and of the
 * processes that are started. Every point has a name and a number, and the process dies at the one that a test asks for.
 */

/** Also what is written by a `with`, which the stores here begin only selections with. */
const READING = /^\s*(select|with|pragma|begin|savepoint|release|rollback|create temp|drop trigger temp)/i
/** The end of a transaction, or all of one. */
const COMMIT = /^\s*(commit|begin .*commit\s*$)/is

/** Which tables the transaction that is open has written to. */
const written: string[] = []
/** A call that the outer one makes is a part of it. */
let isInside = false
/** Just after a write nobody has heard of it yet: to die before the next one would be the same. */
let isSameBreath = false

// biome-ignore lint/suspicious/noExplicitAny: whatever a function of Node's takes, its stand-in hands on.
type Operation = (...args: any[]) => any
type Named = Record<string, Operation>
interface Naming {
  name: (args: unknown[]) => string | undefined
  /** Does a part of it, as a process does that dies meanwhile. */
  half?: (operation: Operation, args: unknown[]) => void
}

loadPlan()
wrapDatabase()
wrapFiles()
await wrapHandles()
wrap(childProcess as unknown as Named, 'spawn', { name: ([file]) => `spawn ${file}` })
syncBuiltinESMExports()

function wrapDatabase(): void {
  const databases = new WeakMap<StatementSync, DatabaseSync>()
  const { prepare } = DatabaseSync.prototype
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, ...args) {
    const statement = prepare.apply(this, args)
    databases.set(statement, this)
    return statement
  }
  wrap(DatabaseSync.prototype as unknown as Named, 'exec', {
    name([sql]) {
      return nameOf(this as unknown as DatabaseSync, String(sql))
    },
  })
  for (const method of ['run', 'get', 'all']) {
    wrap(StatementSync.prototype as unknown as Named, method, {
      name() {
        const statement = this as unknown as StatementSync
        const database = databases.get(statement)
        return database && nameOf(database, statement.sourceSQL)
      },
    })
  }
}

function nameOf(database: DatabaseSync, sql: string): string | undefined {
  if (COMMIT.test(sql)) return `commit ${[...new Set(written.splice(0))].join(', ')}`
  return READING.test(sql) ? undefined : noteWrite(database, sql)
}

/** What is written in a transaction is written with its commit. */
function noteWrite(database: DatabaseSync, sql: string): string | undefined {
  const table = /(?:into|update|from|table)\s+(?:if not exists\s+)?(\w+)/i.exec(sql)?.[1] ?? sql.slice(0, 30)
  if (!database.isTransaction) return `statement on ${table}`
  written.push(table)
  return undefined
}

function wrapFiles(): void {
  const synchronous = fs as unknown as Named
  for (const method of ['mkdirSync', 'renameSync', 'linkSync', 'rmSync'])
    wrap(synchronous, method, { name: ([path]) => `${method} ${path}` })
  for (const method of ['writeFileSync', 'appendFileSync', 'writeSync']) {
    wrap(synchronous, method, {
      name: ([file]) => `${method} ${file}`,
      half: (operation, [file, text, ...rest]) => operation(file, halfOf(text), ...rest),
    })
  }
  wrap(synchronous, 'openSync', {
    name: ([path, flags]) => (/[wax]/.test(String(flags)) ? `openSync ${path}` : undefined),
  })
  const promised = fs.promises as unknown as Named
  for (const method of ['mkdir', 'mkdtemp', 'rename', 'rm', 'utimes', 'writeFile'])
    wrap(promised, method, { name: ([path]) => `${method} ${path}` })
  wrap(promised, 'open', {
    name: ([path, flags]) => (/[wax]/.test(String(flags)) ? `open ${path}` : undefined),
  })
}

async function wrapHandles(): Promise<void> {
  const handle = await fs.promises.open('/dev/null')
  wrap(Object.getPrototypeOf(handle), 'writeFile', { name: () => 'writeFile of a handle' })
  await handle.close()
}

function halfOf(text: unknown): Uint8Array {
  const bytes = Buffer.from(text as string | Uint8Array)
  return bytes.subarray(0, bytes.length / 2)
}

function wrap(owner: Named, method: string, { name, half }: Naming): void {
  const operation = owner[method] as Operation
  owner[method] = function (this: unknown, ...args: unknown[]) {
    const label = isInside ? undefined : name.call(this as Naming, args)
    if (label === undefined) return operation.apply(this, args)
    if (!isSameBreath) atPoint(`before ${label}`)
    isInside = true
    if (half) atPoint(`in the middle of ${label}`, () => half(operation, args))
    let result: unknown
    try {
      result = operation.apply(this, args)
    } finally {
      isInside = false
    }
    if (!(result instanceof Promise)) {
      done(label)
      return result
    }
    return result.then((value) => {
      done(label)
      return value
    })
  }
}

function done(label: string): void {
  atPoint(`after ${label}`)
  isSameBreath = true
  queueMicrotask(() => {
    isSameBreath = false
  })
}
