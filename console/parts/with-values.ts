/** The same search of an address with other values; an empty one takes the name away. */
export function withValues(search: URLSearchParams, values: Record<string, string>): URLSearchParams {
  const changed = new URLSearchParams(search)
  for (const [name, value] of Object.entries(values)) {
    if (value === '') changed.delete(name)
    else changed.set(name, value)
  }
  return changed
}
