import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Field } from './field.ts'
import { inspectorOf } from './inspector.ts'

const MEGABYTE = 1_048_576

/** What the control plane needs, at one time. */
export interface Vitals {
  at: number
  /** Bytes of the heap that are left once garbage was collected. */
  heap: number
  resident: number
  descriptors: number
}

/** Looks now and then at what the control plane needs, which is the same process from the first look to the last. */
export async function watch(field: Field, everyMs: number): Promise<Vitals[]> {
  const { pid } = field.installation
  const looks: Vitals[] = []
  using inspector = await inspectorOf(field.installation)
  while (!field.isOver) {
    const heap = await inspector.heapAfterCollection()
    const descriptors = (await readdir(`/proc/${pid}/fd`)).length
    looks.push({ at: Date.now(), heap, descriptors, resident: await residentOf(pid) })
    await sleep(everyMs)
  }
  return looks
}

async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024
}

/** How one of them went: on average in the second third of the time and in the last one. */
export interface Course {
  what: string
  unit: string
  middle: number
  last: number
  /** By least squares over both. */
  perMinute: number
  isFlat: boolean
}

/** Of a process that has just begun nobody can say whether it still grows. */
const JUDGED_MS = 120_000
/** What may differ without anything leaking, beside a tenth: what happens to be in flight. */
const SLACK = { heap: 6, resident: 40, descriptors: 30 } as const
const TENTH = 1.1

export function courses(looks: readonly Vitals[]): Course[] {
  const isJudged = (looks.at(-1)?.at ?? 0) - (looks[0]?.at ?? 0) >= JUDGED_MS
  return (['heap', 'resident', 'descriptors'] as const).map((what) => {
    const scale = what === 'descriptors' ? 1 : MEGABYTE
    const points = looks.map((look) => ({ at: look.at / 60_000, value: look[what] / scale }))
    const third = Math.floor(points.length / 3)
    const [middle, last] = [mean(points.slice(third, 2 * third)), mean(points.slice(2 * third))]
    return {
      what,
      unit: what === 'descriptors' ? '' : ' MB',
      middle,
      last,
      perMinute: slopeOf(points.slice(third)),
      isFlat: !isJudged || last <= middle * TENTH + SLACK[what],
    }
  })
}

interface Point {
  at: number
  value: number
}

const mean = (points: Point[]): number =>
  points.reduce((sum, { value }) => sum + value, 0) / Math.max(1, points.length)

function slopeOf(points: Point[]): number {
  const level = mean(points)
  const centre = points.reduce((sum, { at }) => sum + at, 0) / Math.max(1, points.length)
  const spread = points.reduce((sum, { at }) => sum + (at - centre) ** 2, 0)
  const together = points.reduce((sum, { at, value }) => sum + (at - centre) * (value - level), 0)
  return spread === 0 ? 0 : together / spread
}
