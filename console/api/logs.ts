import type { LogLine } from '../../protocol/log-line.ts'
import { send } from './client.ts'
import { piecesOf } from './events.ts'

/** Which lines of which app. */
export interface LogsOf {
  env: string
  app: string
  function?: string | undefined
  version?: number | undefined
  container?: string | undefined
  call?: string | undefined
  source?: LogLine['source'] | undefined
  search?: string | undefined
}

interface Extent {
  tail: number
  since?: string | undefined
  until?: string | undefined
  follow?: boolean
}

/**
 * Lines in the pieces in which they come, oldest first; the first piece, which is empty, says that there is an answer.
 * @throws ApiProblem, and whatever a connection that breaks off throws
 */
export async function* readLogs(
  { app, ...filter }: LogsOf,
  extent: Extent,
  signal: AbortSignal,
): AsyncGenerator<LogLine[]> {
  const response = await send('logs', { params: { app }, query: { ...filter, ...extent } }, signal)
  yield []
  let rest = ''
  for await (const text of piecesOf(response)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    yield lines.filter((line) => line !== '').map((line): LogLine => JSON.parse(line))
  }
}
