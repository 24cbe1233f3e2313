import type { CallView } from '../protocol/api.ts'
import { appLabel } from '../protocol/app-key.ts'
import type { Api } from '../sdk/api.ts'
import { LogPrinter } from './log-columns.ts'
import { followLogs, MOST_LINES, type OnLine, readLogs } from './log-lines.ts'
import { printNote } from './terminal.ts'

/**
 * Prints what a call writes, beside its result, while somebody waits for it.
 * @param options `ofWholeApp`: also what else its app writes, where that is there for this call only
 * @returns the call that `ended` comes to, once its lines are printed
 */
export async function withLog(
  api: Api,
  { id, app, env }: CallView,
  ended: Promise<CallView>,
  { ofWholeApp = false }: { ofWholeApp?: boolean } = {},
): Promise<CallView> {
  const printer = new LogPrinter({ columns: [], timestamps: false })
  const printed = new Set<string>()
  const onLine: OnLine = (line, json) => {
    const name = line.id ?? json
    if (ofWholeApp && line.source === 'system') return
    if (printed.has(name)) return
    printed.add(name)
    printNote(printer.shown(line))
  }
  const over = new AbortController()
  const filter = ofWholeApp ? {} : { call: id }
  const request = { params: { app }, query: { env, ...filter, tail: MOST_LINES } }
  const followed = followLogs(api, request, onLine, over.signal)
  try {
    const call = await Promise.race([ended, followed.then(() => ended)])
    await readLogs(api, request, onLine)
    return call
  } finally {
    over.abort()
    await followed.catch(() => undefined)
  }
}

/** What to type to see what a call wrote. */
export const whereItsLogIs = (call: CallView): string =>
  `Its log: sluice app logs ${appLabel(call)} --call ${call.id}`
