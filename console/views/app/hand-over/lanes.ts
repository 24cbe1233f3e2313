import type { ContainerView } from '../../../../protocol/api.ts'
import type { AppView, DrainRow } from '../../../../protocol/app-view.ts'

/** So many containers are drawn one by one; more are drawn as what they are, a number. */
export const MOST_TILES = 120
/** Beside those that run. */
export const MOST_STOPPED = 40
/** How long a container that has stopped stays in the picture, where nothing else of its version does. */
const STAYS_MS = 60_000
/** So many versions of which nothing runs any more; where one follows the other by the second, they would fill the page. */
const MOST_GONE = 3

/** Where a container is on its way, left to right. */
export const PLACES = ['starting', 'ready', 'draining', 'stopped'] as const
export type Place = (typeof PLACES)[number]

/** A version in the picture of the hand-over. */
export interface Lane {
  version: number
  state: DrainRow['state'] | 'drained' | 'failed'
  counts: Record<Place, number>
  /** Each by itself, where there are not too many. */
  tiles: Record<Place, ContainerView[]> | undefined
  calls: number
  requests: number
  oldest?: string | undefined
  deadline?: string | undefined
}

type Shown = Pick<AppView, 'versions' | 'liveVersion' | 'lastRollout'>

/** What runs of each version, and what of it has just stopped; the newest first. */
export function lanesOf(
  { versions = [], liveVersion, lastRollout }: Shown,
  containers: ContainerView[] | undefined,
  now: number,
): Lane[] {
  const since = lastRollout?.liveAt ?? lastRollout?.deployedAt
  const isShown = ({ version, stoppedAt }: ContainerView): boolean => {
    const isOnBoard = versions.some((row) => row.version === version)
    // One of a version that came between the two answers: the next answer knows it.
    if (stoppedAt === undefined) return isOnBoard
    if (now - Date.parse(stoppedAt) < STAYS_MS) return true
    return isOnBoard && version !== liveVersion && since !== undefined && stoppedAt >= since
  }
  const shown = containers?.filter(isShown) ?? []
  const numbers = new Set([...versions, ...shown].map(({ version }) => version))
  let gone = 0
  return [...numbers]
    .sort((a, b) => b - a)
    .filter((version) => versions.some((row) => row.version === version) || ++gone <= MOST_GONE)
    .map((version) => {
      const own = containers && shown.filter((container) => container.version === version)
      const hasFailed = lastRollout?.version === version && lastRollout.status === 'failed'
      return laneOf(version, {
        row: versions.find((row) => row.version === version),
        tiles: own && placed(own),
        end: hasFailed ? 'failed' : 'drained',
      })
    })
}

interface Parts {
  row: DrainRow | undefined
  tiles: Lane['tiles']
  /** What it is once nothing of it runs. */
  end: Lane['state']
}

function laneOf(version: number, { row, tiles, end }: Parts): Lane {
  const { starting = 0, ready = 0, draining = 0 } = row?.containers ?? {}
  return {
    version,
    state: row?.state ?? end,
    // Both tell of the same, but were asked for one after the other: a number is that of the tiles below it.
    counts: tiles ? counted(tiles) : { starting, ready, draining, stopped: 0 },
    tiles,
    calls: row?.calls ?? 0,
    requests: row?.requests ?? 0,
    oldest: row?.oldest,
    deadline: row?.deadline,
  }
}

/** By id, which is by age, so that none changes its place among the others. */
function placed(containers: ContainerView[]): Record<Place, ContainerView[]> {
  const inOrder = [...containers].sort((a, b) => (a.id < b.id ? -1 : 1))
  const at = (state: ContainerView['state']) => inOrder.filter((container) => container.state === state)
  return { starting: at('starting'), ready: at('ready'), draining: at('draining'), stopped: at('stopped') }
}

const counted = (tiles: Record<Place, ContainerView[]>): Record<Place, number> => ({
  starting: tiles.starting.length,
  ready: tiles.ready.length,
  draining: tiles.draining.length,
  stopped: tiles.stopped.length,
})

/** Whether one version is handing over to another right now. */
export const isHandingOver = (lanes: Lane[]): boolean =>
  lanes.some(({ state }) => state === 'rolling' || state === 'draining')

/** Whether containers stop because of something that was done to the app lately. */
export function isEventful({ state, versions = [], lastRollout, stoppedAt }: AppView, now: number): boolean {
  if (state === 'stopping' || versions.some((row) => row.state === 'rolling' || row.state === 'draining'))
    return true
  const times = [stoppedAt, lastRollout?.deployedAt, ...(lastRollout?.rollout.map(({ at }) => at) ?? [])]
  return times.some((at) => at !== undefined && now - Date.parse(at) < STAYS_MS)
}

export const total = ({ starting, ready, draining }: AppView['containers']): number =>
  starting + ready + draining
