import type { UsageFigures } from '../../../protocol/usage-view.ts'
import { amount, containerTime, dollars, latency } from '../../parts/usage/amounts.ts'

/** The columns of a table of usage; a cell is empty where there is nothing to tell. */
export const FIGURES: [heading: string, cell: (of: UsageFigures) => string][] = [
  ['Calls', ({ calls }) => orNone(calls, amount)],
  ['Requests', ({ requests }) => orNone(requests, amount)],
  ['Errors', ({ errors, serverErrors }) => orNone(errors + serverErrors, amount)],
  ['p50', ({ durationMs }) => orNone(durationMs?.p50, latency)],
  ['p95', ({ durationMs }) => orNone(durationMs?.p95, latency)],
  ['Cold starts', ({ coldStarts }) => orNone(coldStarts, amount)],
  ['Container time', ({ containerSeconds }) => containerTime(containerSeconds.total)],
  ['Idle cost', ({ cost }) => orNone(cost.idle, dollars)],
  ['Drain cost', ({ cost }) => orNone(cost.draining, dollars)],
  ['Cost', ({ cost }) => dollars(cost.total)],
]

const orNone = (value: number | undefined, text: (value: number) => string): string =>
  value === undefined || value === 0 ? '' : text(value)
