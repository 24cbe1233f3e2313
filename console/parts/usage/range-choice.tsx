import { Choice } from './choice.tsx'
import { RANGES, type Range } from './ranges.ts'

const NAMES = Object.keys(RANGES) as Range[]

/** How far back the page looks. */
export function RangeChoice({ chosen }: { chosen: Range }) {
  return <Choice label="Time" name="range" chosen={chosen} values={NAMES.map((range) => [range, range])} />
}
