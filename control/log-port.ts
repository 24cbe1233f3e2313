import type { LogLine } from '../protocol/log-line.ts'
import type { AppKey } from '../protocol/names.ts'

export interface LogQuery extends AppKey {
  since?: number | undefined
  until?: number | undefined
  tail: number
  function?: string | undefined
  call?: string | undefined
  container?: string | undefined
  version?: number | undefined
  source?: LogLine['source'] | undefined
  search?: string | undefined
  follow: boolean
}

/** What the control plane has to say in an app's log. */
export interface SystemLine {
  /** The same for the same event of the app, however often it is told. */
  id: string
  at: number
  line: string
  function?: string
  version?: number
  container?: string
}

export interface Logs {
  /**
   * The last lines that are asked for, oldest first and without a pause; with `follow` then those to come. Each has an
   * id, and comes once.
   */
  read(query: LogQuery, signal?: AbortSignal): AsyncIterable<LogLine>
  /** Adds lines of the system. One that was written before is not written, or at least not read, a second time. */
  write(key: AppKey, lines: SystemLine[]): Promise<void>
  /** Leaves nothing of the app's lines. */
  remove(key: AppKey): Promise<void>
}
