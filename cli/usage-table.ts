import type { AppView } from '../protocol/app-view.ts'
import type { UsageFigures } from '../protocol/usage-view.ts'
import { tagsText } from './commands/app-list.ts'
import { table } from './table.ts'
import { localTime, span } from './times.ts'

/** A line of figures, and whose they are. */
export interface UsageRow extends UsageFigures {
  title: string
  at?: string | undefined
  tags?: AppView['tags']
}

/** @param heading what the lines are of */
export function usageTable(heading: string, rows: UsageRow[]): string {
  return table(rows, [
    ['Time', ({ at }) => at && localTime(at)],
    [heading, ({ title }) => title],
    ['Calls', ({ calls }) => calls || undefined],
    ['Requests', ({ requests }) => requests || undefined],
    ['Errors', errors],
    ['p50', ({ durationMs }) => durationMs && shortTime(durationMs.p50)],
    ['p95', ({ durationMs }) => durationMs && shortTime(durationMs.p95)],
    ['p99', ({ durationMs }) => durationMs && shortTime(durationMs.p99)],
    ['Queue p95', ({ queueMs }) => queueMs && shortTime(queueMs.p95)],
    ['Cold starts', coldStarts],
    ['Container time', ({ containerSeconds }) => span(containerSeconds.total)],
    ['Idle cost', ({ cost }) => dollars(cost.idle)],
    ['Drain cost', ({ cost }) => dollars(cost.draining)],
    ['Cost', ({ cost }) => dollars(cost.total)],
    ['Tags', ({ tags }) => tagsText(tags)],
  ])
}

function errors({ calls, requests, errors: failed, serverErrors }: UsageFigures): string | undefined {
  const all = failed + serverErrors
  if (all === 0) return undefined
  return `${all} (${Number(((100 * all) / (calls + requests)).toFixed(1))} %)`
}

function coldStarts({ coldStarts: starts, coldStartMs }: UsageFigures): string | undefined {
  return coldStartMs && `${starts} (${shortTime(coldStartMs.p50)})`
}

/** `8ms`, `1.3s`, or as `span` tells it. */
function shortTime(ms: number): string {
  if (ms < 1000) return `${Number(ms.toPrecision(2))}ms`
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)}s` : span(ms / 1000)
}

/** To the cent, or two digits of what is less. */
function dollars(amount: number): string | undefined {
  if (amount === 0) return undefined
  if (amount >= 1) return `$${amount.toFixed(2)}`
  const digits = Math.min(8, 1 - Math.floor(Math.log10(amount)))
  return `$${amount.toFixed(digits)}`
}
