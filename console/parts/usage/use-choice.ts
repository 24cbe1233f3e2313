import { useSearchParams } from 'wouter-preact'
import { RANGES, type Range } from './ranges.ts'

/** One of some values, as the address of the page has it; what it cannot be is taken as the first. */
export function useChoice<Value extends string>(name: string, values: readonly [Value, ...Value[]]): Value {
  const [search] = useSearchParams()
  return values.find((value) => value === search.get(name)) ?? values[0]
}

/** How far back the page looks. */
export const useRange = (usual: Range): Range => {
  const others = (Object.keys(RANGES) as Range[]).filter((range) => range !== usual)
  return useChoice('range', [usual, ...others])
}
