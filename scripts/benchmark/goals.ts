import { figure, short } from './report.ts'
import type { Row } from './rounds.ts'

/** What we want to reach: at most, or at least, so much; `floor` before anything is called quick, `moonshot` in the end. */
interface Goal {
  says: string
  group: string
  measure: string
  /** Sluice's share of this one's figure; its own figure unless given. */
  per?: string
  /** Of all rounds together. */
  inAll?: true
  bound: 'at most' | 'at least'
  floor?: number
  moonshot: number
}

export const GOALS_HEAD = ['', 'goal', 'moonshot', 'measured', ''] as const

const GOALS: Goal[] = [
  {
    says: 'warm call, one at a time / plain HTTP',
    group: 'calls',
    measure: 'one at a time, median',
    per: 'plain HTTP POST',
    bound: 'at most',
    floor: 2.5,
    moonshot: 1.5,
  },
  {
    says: 'calls per second, 16 at once / plain HTTP',
    group: 'calls',
    measure: '16 at once',
    per: 'plain HTTP POST',
    bound: 'at least',
    moonshot: 0.45,
  },
  {
    says: 'calls per second, 16 at once / BullMQ',
    group: 'calls',
    measure: '16 at once',
    per: 'BullMQ on Redis',
    bound: 'at least',
    floor: 2,
    moonshot: 4,
  },
  {
    says: 'web requests per second / kamal-proxy',
    group: 'ingress',
    measure: '32 connections',
    per: 'kamal-proxy',
    bound: 'at least',
    floor: 1,
    moonshot: 1.25,
  },
  {
    says: 'time of a core for a web request / kamal-proxy',
    group: 'ingress',
    measure: 'time of a core for a request',
    per: 'kamal-proxy',
    bound: 'at most',
    floor: 1,
    moonshot: 0.8,
  },
  {
    says: 'requests that failed in all switches',
    group: 'cutover',
    measure: 'failed requests',
    inAll: true,
    bound: 'at most',
    floor: 0,
    moonshot: 0,
  },
  {
    says: 'new version ready, to its first answer / kamal-proxy',
    group: 'cutover',
    measure: 'new version ready, to its first answer',
    per: 'kamal-proxy',
    bound: 'at most',
    floor: 1,
    moonshot: 0.4,
  },
  {
    says: 'deploy of eight functions, one line changed / esbuild',
    group: 'deploy',
    measure: 'one line changed',
    per: 'esbuild alone',
    bound: 'at most',
    floor: 6,
    moonshot: 3,
  },
  {
    says: 'edit, to the first answer / esbuild and the start of a server',
    group: 'edit',
    measure: 'a line changed, to the first answer with it',
    per: 'esbuild, and the start of a server',
    bound: 'at most',
    floor: 1.6,
    moonshot: 1.15,
  },
  {
    says: 'launch of a container, until it asks for work / node -e 0',
    group: 'start',
    measure: 'a container, from its launch until it asks for work',
    per: 'node -e 0',
    bound: 'at most',
    floor: 1.6,
    moonshot: 1.25,
  },
  {
    says: 'load of the handler of calls, ms',
    group: 'bundles',
    measure: 'loaded by a new process',
    bound: 'at most',
    floor: 10,
    moonshot: 5,
  },
  {
    says: 'container killed, to its call running elsewhere, ms',
    group: 'recovery',
    measure: 'killed, to its call running elsewhere',
    bound: 'at most',
    floor: 100,
    moonshot: 20,
  },
  {
    says: 'control plane with 1,000 idle apps, % of a core',
    group: 'idle',
    measure: 'time of a core',
    bound: 'at most',
    floor: 0.5,
    moonshot: 0.1,
  },
  {
    says: 'its memory / that of one with 10',
    group: 'idle',
    measure: 'memory',
    per: 'with 10 apps',
    bound: 'at most',
    moonshot: 1.2,
  },
]

/** The goals of what was measured, as cells. */
export function goalCells(rows: Row[]): string[][] {
  const measured = new Set(rows.map(({ group }) => group))
  return GOALS.filter(({ group }) => measured.has(group)).map((goal) => {
    const { says, bound, floor, moonshot } = goal
    const value = measuredFor(goal, rows)
    const shown = (limit: number | undefined) => (limit === undefined ? '' : `${bound} ${limit}`)
    return [
      says,
      shown(floor),
      shown(moonshot),
      value === undefined ? 'skipped' : shownFor(goal, value),
      verdict(goal, value),
    ]
  })
}

function measuredFor({ group, measure, per, inAll }: Goal, rows: Row[]): number | undefined {
  const those = rows.filter((row) => row.group === group && row.measure === measure)
  if (per !== undefined) return those.find(({ contestant }) => contestant === per)?.oursToIt?.median
  const ours = those.find(({ side }) => side === 'ours')?.value
  return inAll ? ours?.sum : ours?.median
}

const shownFor = ({ inAll }: Goal, value: number): string => (inAll ? figure(value, 0) : short(value))

function verdict({ bound, floor, moonshot }: Goal, value: number | undefined): string {
  if (value === undefined) return ''
  const reaches = (limit: number) => (bound === 'at most' ? value <= limit : value >= limit)
  if (reaches(moonshot)) return 'beyond'
  return floor !== undefined && reaches(floor) ? 'met' : 'missed'
}
