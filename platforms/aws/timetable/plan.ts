import { isDeepStrictEqual } from 'node:util'
import type { ScheduleEntry } from '../../../control/schedule-model.ts'

/** What an app's schedules shall be, and how far that has been brought about. */
export interface Plan {
  /** The turn in whose name it stands, see turn.ts. */
  version: number
  /** One more with every write: whoever writes has seen what stood. */
  revision: number
  entries: PlannedEntry[]
  /** What is to go, and may be gone. */
  leaving: PlannedEntry[]
}

export interface PlannedEntry extends ScheduleEntry {
  /** The revision that brought it: no other entry of the function has the same. */
  since: number
  /** Whether its schedules are known to be there. */
  made: boolean
}

/** What is to stand after something was said in a turn; undefined where that is nothing new. */
export function nextPlan(
  standing: Plan | undefined,
  turn: number,
  wanted: ScheduleEntry[],
): Plan | undefined {
  if (!standing) return { version: turn, revision: 1, entries: begin(wanted, 1), leaving: [] }
  if (turn < standing.version) return undefined
  const revision = standing.revision + 1
  const isWanted = (entry: PlannedEntry) => wanted.some((other) => isSame(entry, other))
  const kept = standing.entries.filter(isWanted)
  const fresh = wanted.filter((entry) => !kept.some((other) => isSame(entry, other)))
  const dropped = standing.entries.filter((entry) => !kept.includes(entry))
  const next = {
    version: turn,
    revision,
    entries: [...kept, ...begin(fresh, revision)],
    leaving: [...standing.leaving, ...dropped],
  }
  return turn === standing.version && isDone(next) ? undefined : next
}

/** The plan once all of it has been brought about. */
export function donePlan(plan: Plan): Plan {
  const entries = plan.entries.map((entry) => ({ ...entry, made: true }))
  return { ...plan, revision: plan.revision + 1, entries, leaving: [] }
}

/** Another plan that has come to stand meanwhile: what was made for this one is not to outlast it. */
export function supersede(plan: Plan, standing: Plan): Plan {
  const isStanding = (entry: PlannedEntry) =>
    standing.entries.some((other) => isSame(entry, other) && other.since === entry.since)
  return {
    ...standing,
    leaving: [...standing.leaving, ...plan.entries.filter((entry) => !isStanding(entry))],
  }
}

export const isDone = ({ entries, leaving }: Plan): boolean =>
  leaving.length === 0 && entries.every(({ made }) => made)

const begin = (entries: ScheduleEntry[], since: number): PlannedEntry[] =>
  entries.map((entry) => ({ ...entry, since, made: false }))

const isSame = (a: ScheduleEntry, b: ScheduleEntry): boolean =>
  a.function === b.function && a.anchor === b.anchor && isDeepStrictEqual(a.schedule, b.schedule)
