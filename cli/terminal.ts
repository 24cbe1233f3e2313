import { styleText } from 'node:util'
import { visibleLines } from './visible.ts'

type Format = Parameters<typeof styleText>[0]

/** Colours appear on a terminal only, and not where NO_COLOR is set. */
export const styled = (format: Format, text: string): string => styleText(format, text)
const styledError = (format: Format, text: string): string =>
  styleText(format, text, { stream: process.stderr })

/** Much of what is told others wrote: reasons, errors, results. Programs get it as it is, a terminal must not obey it. */
export function print(text = ''): void {
  process.stdout.write(`${process.stdout.isTTY ? visibleLines(text) : text}\n`)
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2))
}

export function printDone(text: string): void {
  print(`${styled('green', '✓')} ${text}`)
}

export function printFailure(text: string): void {
  process.stderr.write(`${styledError('red', '✗')} ${visibleLines(text)}\n`)
}

export function printNote(text: string): void {
  process.stderr.write(`${visibleLines(text)}\n`)
}

/** Says what is being waited for, in one line that goes away; on a terminal only. */
export function showStatus(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${styledError('dim', text)}`)
}

export function clearStatus(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K')
}
