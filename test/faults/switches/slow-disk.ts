import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { DatabaseSync, StatementSync } from 'node:sqlite'

/** Loaded into a control plane before all else, it makes a disk slow: each commit holds up everything, each sync takes its time. */

const COMMIT_MS = Number(process.env.FAULTS_COMMIT_MS)
const SYNC_MS = Number(process.env.FAULTS_SYNC_MS)

const { fdatasync } = fs
const { exec } = DatabaseSync.prototype
const { run } = StatementSync.prototype

fs.fdatasync = Object.assign(
  (file: number, done: (error: NodeJS.ErrnoException | null) => void) =>
    void setTimeout(() => fdatasync(file, done), SYNC_MS),
  { __promisify__: fdatasync.__promisify__ },
)
DatabaseSync.prototype.exec = function (sql) {
  if (/commit\s*$/i.test(sql)) hold()
  return exec.call(this, sql)
}
StatementSync.prototype.run = function (this: StatementSync, ...given: Parameters<typeof run>) {
  if (/^commit/i.test(this.sourceSQL)) hold()
  return run.apply(this, given)
} as typeof run
syncBuiltinESMExports()

function hold(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, COMMIT_MS)
}
