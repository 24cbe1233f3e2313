import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { LogQuery, Logs, SystemLine } from '../../control/log-port.ts'
import type { LogLine } from '../../protocol/log-line.ts'
import type { AppKey } from '../../protocol/names.ts'
import { listLogs, logFolder } from './logs/files.ts'
import { FolderWatch } from './logs/folder-watch.ts'
import { appendedLines } from './logs/follow.ts'
import { removeOldLogs } from './logs/retention.ts'
import { SystemLog } from './logs/system-log.ts'
import { lastLines } from './logs/tail.ts'

/**
 * Logs in files: one for each container, into which its process writes by itself, and one a day for what the control
 * plane says of the app.
 */
export class LocalLogs implements Logs {
  readonly #dir: string
  readonly #systemLogs = new Map<string, SystemLog>()

  constructor(dir: string) {
    this.#dir = dir
  }

  async write(key: AppKey, lines: SystemLine[]): Promise<void> {
    const folder = logFolder(this.#dir, key)
    const log = this.#systemLogs.get(folder) ?? new SystemLog(folder, key)
    this.#systemLogs.set(folder, log)
    log.append(lines)
  }

  async remove(key: AppKey): Promise<void> {
    const folder = logFolder(this.#dir, key)
    this.#systemLogs.delete(folder)
    await rm(folder, { recursive: true, force: true })
  }

  /** Removes what was last written to before, but for the logs of these containers, which still run. */
  async prune(before: number, running: ReadonlySet<string>): Promise<void> {
    await removeOldLogs(this.#dir, before, running)
  }

  async *read(query: LogQuery, signal?: AbortSignal): AsyncGenerator<LogLine> {
    const folder = logFolder(this.#dir, query)
    if (!query.follow) {
      yield* await lastLines(await listLogs(folder, query.container), query)
      return
    }
    mkdirSync(folder, { recursive: true })
    // The watch comes first: what is appended while the files are listed is then noticed.
    const watch = new FolderWatch(folder, signal)
    try {
      const known = await listLogs(folder, query.container)
      yield* await lastLines(known, query)
      yield* appendedLines(folder, { watch, known, query })
    } finally {
      watch.close()
    }
  }
}
