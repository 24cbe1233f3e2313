import { duration } from '../time.tsx'

/** US dollars: to the cent, or two digits of what is less. */
export function dollars(amount: number): string {
  if (amount === 0) return '$0'
  if (amount >= 1) return `$${amount.toFixed(2)}`
  return `$${amount.toFixed(Math.min(8, 1 - Math.floor(Math.log10(amount))))}`
}

/** Two digits of what is small, and no fraction of what is large. */
export function amount(value: number): string {
  if (value === 0) return '0'
  return value < 100 ? String(Number(value.toPrecision(2))) : whole.format(value)
}

/** How long containers were there, all together: in hours, as they are paid for. */
export function containerTime(seconds: number): string {
  if (seconds === 0) return '0'
  return seconds < 36_000 ? duration(seconds * 1000) : `${whole.format(seconds / 3600)} h`
}

/** How long something takes that is mostly shorter than a second. */
export function latency(ms: number): string {
  if (ms === 0) return '0'
  return ms < 1_000 ? `${Number(ms.toPrecision(2))} ms` : duration(ms)
}

export const percent = (part: number, all: number): string =>
  all === 0 ? '' : `${amount((100 * part) / all)} %`

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
