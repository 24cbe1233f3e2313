import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { COST_HEAD, costRows } from './day/costs.ts'
import { DRAINS, drain } from './day/drains.ts'
import { DEPLOYED_AT_S, HEAD, liveADay, SETTINGS, summary } from './day/settings.ts'
import type { Outcome } from './day/world.ts'
import { lineChart, type Point } from './plot.ts'

const HOUR_S = 3_600
const BEFORE_DEPLOY_S = 20
const AFTER_DEPLOY_S = 130
/** A point of a chart over the day. */
const GRAIN_S = 300

const [folder = join(import.meta.dirname, '..', 'docs', 'images')] = process.argv.slice(2)
const into = resolve(folder)
mkdirSync(into, { recursive: true })

const days = SETTINGS.map((setting) => ({ setting, outcome: liveADay(setting) }))
write('a-day.svg', chartOfDay(days[0]?.outcome))
write('a-deploy-at-noon.svg', chartOfDeploy())
write('drains.svg', chartOfDrains())
printTable(
  HEAD,
  days.map((day) => summary(day.setting, day.outcome)),
)
console.log()
printTable(COST_HEAD, costRows())

/** What there was to do, and what was there to do it. */
function chartOfDay(outcome: Outcome | undefined): string {
  const parts = Map.groupBy(outcome?.moments ?? [], ({ second }) => Math.floor(second / GRAIN_S))
  const over = (of: 'busy' | 'ready'): Point[] =>
    [...parts].map(([part, moments]) => [
      (part * GRAIN_S) / HOUR_S,
      moments.reduce((sum, moment) => sum + moment[of], 0) / moments.length,
    ])
  return lineChart({
    title: 'Containers over a day',
    series: [
      { name: 'at work', points: over('busy') },
      { name: 'ready', points: over('ready') },
    ],
    x: { label: 'hour of the day', ticks: [0, 4, 8, 12, 16, 20, 24] },
    y: { format: String },
    marks: [
      { x: DEPLOYED_AT_S / HOUR_S, says: 'deploy' },
      { x: 15, says: 'burst' },
    ],
  })
}

function chartOfDeploy(): string {
  const shown = days.filter(
    ({ setting: { name } }) => name === 'as it comes' || name.includes('maxContainers'),
  )
  return lineChart({
    title: 'Seconds that calls wait around a deploy',
    series: shown.map(({ setting, outcome }) => ({
      name: setting.name.replaceAll('`', ''),
      points: longestWaits(outcome),
    })),
    x: { label: 'seconds since the deploy was asked for', ticks: [-20, 0, 30, 60, 90, 120] },
    y: { format: (seconds) => `${seconds} s` },
  })
}

function longestWaits({ waits }: Outcome): Point[] {
  const from = DEPLOYED_AT_S - BEFORE_DEPLOY_S
  const longest = new Array<number>(BEFORE_DEPLOY_S + AFTER_DEPLOY_S).fill(0)
  for (const { second, waited } of waits) {
    const index = second - from
    if (index >= 0 && index < longest.length) longest[index] = Math.max(longest[index] ?? 0, waited)
  }
  return longest.map((waited, index) => [index - BEFORE_DEPLOY_S, waited])
}

function chartOfDrains(): string {
  return lineChart({
    title: 'Containers of the version before, after a deploy',
    series: DRAINS.map((one) => ({ name: one.name, points: drain(one) })),
    x: { label: 'minutes since the deploy', ticks: [0, 10, 20, 30, 40, 50, 60] },
    y: { format: String },
  })
}

function printTable(head: string[], rows: string[][]): void {
  for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`)
}

function write(name: string, svg: string): void {
  writeFileSync(join(into, name), svg)
}
