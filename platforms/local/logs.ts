import { mkdirSync } from 'node:fs'
import type { LogQuery, Logs } from '../../control/ports.ts'
import type { LogLine } from '../../protocol/runtime.ts'
import { listLogs, logFolder } from './logs/files.ts'
import { FolderWatch } from './logs/folder-watch.ts'
import { appendedLines } from './logs/follow.ts'
import { lastLines } from './logs/tail.ts'

/** Logs in files: one for each container, into which its process writes by itself. */
export class LocalLogs implements Logs {
  readonly #dir: string

  constructor(dir: string) {
    this.#dir = dir
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
