import type { UsageLineView } from '../../../protocol/usage-view.ts'
import { COLOURS, type Colour } from '../chart/series.ts'

/** Lines that are drawn as one. */
export interface Lines {
  label: string
  colour: Colour
  lines: UsageLineView[]
}

/** What is not told apart by a colour, taken together: for figures that add up. */
export function restAsOne(groups: Lines[], label: string): Lines[] {
  const rest = groups.filter(({ colour }) => colour === 'rest')
  if (rest.length === 0) return groups
  const told = groups.filter(({ colour }) => colour !== 'rest')
  return [...told, { label, colour: 'rest', lines: rest.flatMap(({ lines }) => lines) }]
}

/** The lines of each version, the newest first. The newest few have colours, which they keep while others come and go. */
export function byVersion(items: UsageLineView[]): Lines[] {
  const groups = Map.groupBy(items, ({ version = 0 }) => version)
  const versions = [...groups.keys()].sort((a, b) => b - a)
  const colours = coloursOf(versions.slice(0, COLOURS.length))
  return versions.map((version) => ({
    label: `v${version}`,
    colour: colours.get(version) ?? 'rest',
    lines: groups.get(version) ?? [],
  }))
}

/** By the number, so that a redeploy leaves the others as they are; where two would have the same, the next free one. */
function coloursOf(versions: number[]): Map<number, Colour> {
  const colours = new Map<number, Colour>()
  for (const version of versions.toSorted((a, b) => a - b)) {
    const taken = new Set(colours.values())
    const own = version % COLOURS.length
    const inOrder = [...COLOURS.slice(own), ...COLOURS.slice(0, own)]
    colours.set(version, inOrder.find((colour) => !taken.has(colour)) ?? 'rest')
  }
  return colours
}
