import { priceOfMs, pricesOf } from '../../control/prices.ts'
import type { FunctionSpecInput } from '../../protocol/manifest.ts'
import { type Moment, type Outcome, World } from './world.ts'

const DAY_S = 86_400
const HOUR_S = 3_600
const SIZE = { cpu: 0.25, memory: 512 }
const TARIFF = { region: 'us-east-1', architecture: 'arm64', hasAddress: true } as const
/** Two calls a second at night, twenty in the afternoon, half of them done in 1.5 s. */
const TRAFFIC = { least: 2, most: 20, medianS: 1.5 }
const MOST_CONTAINERS = 200
const SEED = 1
/** At the busiest hour. */
export const DEPLOYED_AT_S = 13 * HOUR_S

export interface Setting {
  name: string
  spec: Partial<FunctionSpecInput>
}

export const SETTINGS: readonly Setting[] = [
  { name: 'as it comes', spec: {} },
  { name: '`scaledownWindow: 300`', spec: { scaledownWindow: 300 } },
  { name: '`bufferContainers: 5`', spec: { bufferContainers: 5 } },
  { name: '`minContainers: 50`', spec: { minContainers: 50 } },
  { name: '`maxContainers: 60`', spec: { maxContainers: 60 } },
]

export function liveADay({ spec }: Setting): Outcome {
  return new World({
    traffic: TRAFFIC,
    spec: { kind: 'plain', ...SIZE, maxContainers: MOST_CONTAINERS, timeout: 600, ...spec },
    deploysAt: [DEPLOYED_AT_S],
    seed: SEED,
    seconds: DAY_S,
  }).run()
}

/** A row of the table: what calls waited, and what that cost. */
export function summary(setting: Setting, { moments, waits }: Outcome): string[] {
  const sorted = waits.map(({ waited }) => waited).toSorted((a, b) => a - b)
  const quantile = (share: number) =>
    `${sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]} s`
  const containerSeconds = total(moments, ({ starting, ready, draining }) => starting + ready + draining)
  const busySeconds = total(moments, ({ busy }) => busy)
  const dollars = containerSeconds * 1000 * priceOfMs(pricesOf(TARIFF), SIZE)
  return [
    setting.name,
    quantile(0.95),
    quantile(0.99),
    quantile(0.999),
    `${sorted.at(-1)} s`,
    (containerSeconds / HOUR_S).toFixed(0),
    `${((100 * busySeconds) / containerSeconds).toFixed(0)} %`,
    `$${dollars.toFixed(2)}`,
  ]
}

export const HEAD = ['', 'p95', 'p99', 'p99.9', 'longest', 'container hours', 'at work', 'a day']

const total = (moments: Moment[], of: (moment: Moment) => number): number =>
  moments.reduce((sum, moment) => sum + of(moment), 0)
