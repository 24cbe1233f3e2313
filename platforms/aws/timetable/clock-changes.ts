/** A moment at which the clocks of a zone are set; milliseconds since the epoch, offsets from UTC in milliseconds. */
export interface ClockChange {
  at: number
  before: number
  after: number
}

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** The changes of a zone's clocks within so many days. */
export function clockChanges(timezone: string, from: number, days: number): ClockChange[] {
  const clock = new ZoneClock(timezone)
  const changes: ClockChange[] = []
  for (let day = 0; day < days; day++) {
    const [start, end] = [from + day * DAY_MS, from + (day + 1) * DAY_MS]
    const [before, after] = [clock.offsetAt(start), clock.offsetAt(end)]
    if (before !== after) changes.push({ at: clock.changeBetween(start, end), before, after })
  }
  return changes
}

class ZoneClock {
  readonly #format: Intl.DateTimeFormat

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  }

  offsetAt(at: number): number {
    const [, sign, hours = 0, minutes = 0] = /GMT([+-])(\d\d):(\d\d)/.exec(this.#format.format(at)) ?? []
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS
  }

  /** Clocks are set at whole minutes. */
  changeBetween(start: number, end: number): number {
    const before = this.offsetAt(start)
    let [low, high] = [Math.floor(start / MINUTE_MS), Math.ceil(end / MINUTE_MS)]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (this.offsetAt(middle * MINUTE_MS) === before) low = middle
      else high = middle
    }
    return high * MINUTE_MS
  }
}
