/** When a new edition of the index comes out: `refreshIndex` in app.ts is scheduled for it. */
export const EDITION_HOUR = 6
export const EDITION_TIMEZONE = 'Europe/Paris'

const DAY_MS = 86_400_000

/** The day, `YYYY-MM-DD`, whose edition is current at that time: before six in the morning, that is the day before. */
export function editionAt(now: Date): string {
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone: EDITION_TIMEZONE,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(now)
  const [day = '', time = ''] = local.split(' ')
  if (Number.parseInt(time, 10) >= EDITION_HOUR) return day
  return new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10)
}
