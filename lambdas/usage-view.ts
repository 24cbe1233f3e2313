import { PRICES_AS_OF, type Prices, type Tariff } from '../control/prices.ts'
import type { UsageLine } from '../control/usage.ts'
import type { UsageRange } from '../control/usage-range.ts'
import { PHASES, type Phase, type UsageSum } from '../control/usage-sums.ts'
import { type Histogram, quantile } from '../protocol/histogram.ts'
import type { UsageFigures, UsageLineView, UsageView } from '../protocol/usage-view.ts'

type Extent = Pick<UsageView, 'env' | 'since' | 'until' | 'prices'>

export function extentView(
  env: string,
  { since, until }: UsageRange,
  { region }: Prices,
  { architecture }: Tariff,
): Extent {
  return {
    env,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    prices: { region, architecture, asOf: PRICES_AS_OF },
  }
}

export function lineView({ at, function: name, version, ...sum }: UsageLine, prices: Prices): UsageLineView {
  return {
    at: at === undefined ? undefined : new Date(at).toISOString(),
    function: name,
    version,
    ...figuresView(sum, prices),
  }
}

export function figuresView({ counts, ms, cost, coldStarts }: UsageSum, prices: Prices): UsageFigures {
  const { calls, errors, timeouts, requests, serverErrors, durations, waits } = counts
  const requestCost = calls * prices.call + requests * prices.request
  return {
    calls,
    errors,
    timeouts,
    requests,
    serverErrors,
    durationMs: quantilesOf(durations),
    queueMs: quantilesOf(waits),
    coldStarts: Object.values(coldStarts).reduce((sum, times) => sum + times, 0),
    coldStartMs: quantilesOf(coldStarts),
    containerSeconds: phasesOf(ms, (value) => round(value / 1000, 3)),
    cost: {
      ...phasesOf(cost, dollars),
      total: dollars(sumOf(cost) + requestCost),
      requests: dollars(requestCost),
    },
  }
}

function phasesOf(of: Record<Phase, number>, shown: (value: number) => number) {
  const { starting, busy, idle, draining } = of
  return {
    total: shown(sumOf(of)),
    starting: shown(starting),
    busy: shown(busy),
    idle: shown(idle),
    draining: shown(draining),
  }
}

const sumOf = (of: Record<Phase, number>): number => PHASES.reduce((sum, phase) => sum + of[phase], 0)

function quantilesOf(histogram: Histogram): UsageFigures['durationMs'] {
  const at = (share: number) => round(quantile(histogram, share) ?? 0, 1)
  return Object.keys(histogram).length === 0 ? undefined : { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** A second of the smallest container is a few millionths. */
const dollars = (value: number): number => round(value, 8)
const round = (value: number, digits: number): number => Number(value.toFixed(digits))
