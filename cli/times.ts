/** In the reader's time zone, as `2026-01-31 06:00:12`. */
export function localTime(iso: string): string {
  return new Date(iso).toLocaleString('sv-SE')
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const

/** A length of time in its two largest units, as `2h 5m`. */
export function span(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds))
  const parts: string[] = []
  for (const [unit, size] of UNITS) {
    if (rest >= size) parts.push(`${Math.floor(rest / size)}${unit}`)
    rest %= size
  }
  if (rest > 0 || parts.length === 0) parts.push(`${rest}s`)
  return parts.slice(0, 2).join(' ')
}

export function age(iso: string, now = Date.now()): string {
  return span((now - Date.parse(iso)) / 1000)
}
