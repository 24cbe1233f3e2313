export interface Spread {
  median: number
  min: number
  max: number
  sum: number
  /** How many figures it is made of. */
  of: number
}

export function spread(values: number[]): Spread {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b)
  return {
    median: quantile(sorted, 0.5),
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    sum: sorted.reduce((sum, value) => sum + value, 0),
    of: sorted.length,
  }
}

/** @param sorted in ascending order */
export function quantile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
