import type { Manifest } from '../protocol/manifest.ts'
import type { AppKey } from '../protocol/names.ts'
import { findApp } from './find.ts'
import { type App, mayHaveRun } from './model.ts'
import type { Page } from './paging.ts'
import type { Needs } from './ports.ts'
import { type Prices, pricesOf } from './prices.ts'
import { type Step, type UsageRange, usageRange } from './usage-range.ts'
import { addSum, noSum, sumUsage, type UsageCell, type UsageSum } from './usage-sums.ts'

export type UsagePorts = Needs<'clock' | 'store' | 'tariff'>

export interface Asked {
  since?: number | undefined
  until?: number | undefined
  step?: Step | undefined
}

/** Of all that an app did, only this. */
interface Part {
  function?: string | undefined
  version?: number | undefined
}

/** A line of a report: of a function or a version, and of a part of the time where it is asked for in parts. */
export interface UsageLine extends UsageSum {
  at?: number
  function?: string
  version?: number
}

export interface AppUsage {
  range: UsageRange
  prices: Prices
  total: UsageSum
  lines: UsageLine[]
}

/** What an app did and what that cost, also after it was stopped. */
export async function usageOfApp(
  ports: UsagePorts,
  key: AppKey,
  { by, ...asked }: Asked & Part & { by: 'function' | 'version' },
): Promise<AppUsage> {
  const now = ports.clock.now()
  const range = usageRange(asked, now)
  const app = await findApp(ports, key)
  const prices = pricesOf(ports.tariff)
  const all = await cellsOf(ports, app, { range, prices, now })
  const cells = all.filter((cell) => isOf(cell, asked))
  const lines = linesOf(cells, (cell) => ({
    ...(asked.step && { at: cell.at }),
    ...(by === 'function' ? { function: cell.function } : { version: cell.version }),
  }))
  return { range, prices, total: totalOf(cells), lines }
}

/** The same for each app of an environment, a page of them at a time. */
export async function usageOfApps(ports: UsagePorts, env: string, asked: Asked, page: Page) {
  const now = ports.clock.now()
  const range = usageRange(asked, now)
  const prices = pricesOf(ports.tariff)
  const apps = await ports.store.apps(env, page)
  const items = await Promise.all(
    apps.items.map(async (app) => ({
      app: app.app,
      tags: await tagsOf(ports, app),
      total: totalOf(await cellsOf(ports, app, { range, prices, now })),
    })),
  )
  return { range, prices, ...apps, items }
}

/** Of the live version; of an app that has none, of its last one. */
async function tagsOf({ store }: UsagePorts, app: App): Promise<Manifest['tags']> {
  return (await store.version(app, app.liveVersion ?? app.lastVersion))?.manifest.tags
}

async function cellsOf(
  { store }: UsagePorts,
  app: App,
  { range, prices, now }: { range: UsageRange; prices: Prices; now: number },
): Promise<UsageCell[]> {
  // In this order, so that one that stops in between is seen at least once.
  const present = await store.containers(app)
  const [rows, stopped] = await Promise.all([store.usage(app, range), store.lives(app, range.since)])
  const known = new Set(stopped.map(({ id }) => id))
  const running = present.filter((container) => mayHaveRun(container) && !known.has(container.id))
  return sumUsage({ rows, lives: [...stopped, ...running] }, range, prices, now)
}

function isOf(cell: UsageCell, { function: name = cell.function, version = cell.version }: Part): boolean {
  return cell.function === name && cell.version === version
}

function linesOf(
  cells: UsageCell[],
  nameOf: (cell: UsageCell) => Omit<UsageLine, keyof UsageSum>,
): UsageLine[] {
  const groups = Map.groupBy(cells, (cell) => JSON.stringify(nameOf(cell)))
  const lines = [...groups.values()].flatMap((group) =>
    group[0] ? [{ ...nameOf(group[0]), ...totalOf(group) }] : [],
  )
  return lines.sort(inOrder)
}

function totalOf(cells: UsageSum[]): UsageSum {
  const total = noSum()
  for (const cell of cells) addSum(total, cell)
  return total
}

/** By time, then by name, or the newest version first. */
function inOrder(a: UsageLine, b: UsageLine): number {
  const byTime = (a.at ?? 0) - (b.at ?? 0)
  if (byTime !== 0) return byTime
  return (a.function ?? '').localeCompare(b.function ?? '') || (b.version ?? 0) - (a.version ?? 0)
}
