/** Seconds, or text such as `'10m'` or `'1h30m'`, of the units `s`, `m`, `h` and `d`. */
export type Duration = number | string

const SECONDS_IN = { s: 1, m: 60, h: 3600, d: 86_400 } as const
const PART = /(\d+(?:\.\d+)?)(s|m|h|d)/g
const WHOLE = /^(?:\d+(?:\.\d+)?[smhd])+$/

/**
 * @param what names the duration in the error
 * @returns seconds
 * @throws TypeError where it is no duration
 */
export function toSeconds(duration: Duration, what: string): number {
  if (typeof duration === 'number' && Number.isFinite(duration) && duration >= 0) return duration
  if (typeof duration === 'string' && WHOLE.test(duration)) return sumOfParts(duration)
  throw new TypeError(
    `${what}: ${JSON.stringify(duration)} is not a duration. Write seconds as a number, or text with a unit, such as '90s', '10m' or '2h'.`,
  )
}

function sumOfParts(text: string): number {
  let seconds = 0
  for (const [, amount, unit] of text.matchAll(PART)) {
    seconds += Number(amount) * SECONDS_IN[unit as keyof typeof SECONDS_IN]
  }
  return seconds
}
