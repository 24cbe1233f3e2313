import type { ManifestInput } from '../protocol/manifest.ts'
import { own } from '../protocol/own.ts'
import { span } from './times.ts'

type Functions = ManifestInput['functions']
type Schedule = NonNullable<Functions[string]['schedule']>

/** What a deploy made, a line for each mount and function. */
export function deployTree(functions: Functions, urls: Record<string, string>): string[] {
  const lines = Object.entries(functions).flatMap(([name, spec]) => [
    ...(spec.mounts ?? []).map(({ at, source }) => `Mounted ${source} at ${at}`),
    `Created ${name}${reachedBy(spec.schedule, own(urls, name))}`,
  ])
  const distinct = [...new Set(lines)]
  return distinct.map((line, index) => `${index === distinct.length - 1 ? '└──' : '├──'} 🔨 ${line}`)
}

function reachedBy(schedule: Schedule | undefined, url: string | undefined): string {
  if (url) return ` => ${url}`
  return schedule ? ` (${describeSchedule(schedule)}).` : '.'
}

export function describeSchedule(schedule: Schedule): string {
  if (schedule.type === 'period') return `every ${span(schedule.seconds)}`
  return `${schedule.expression} ${schedule.timezone ?? 'UTC'}`
}
