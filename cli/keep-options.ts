import { type Command, InvalidArgumentError, Option } from 'commander'
import { DAY_MS, DEFAULT_RETENTION, type Retention } from '../protocol/retention.ts'

export interface KeepOptions {
  keepVersions: number
  keepVersionDays: number
  keepStoppedDays: number
  keepUnusedDays: number
}

const { versions, versionMs, stoppedMs, blobMs } = DEFAULT_RETENTION

const FLAGS: [flags: string, description: string, initial: number][] = [
  ['--keep-versions <count>', 'newest versions of an app that are kept', versions],
  ['--keep-version-days <days>', 'a version is kept for so long at least', versionMs / DAY_MS],
  ['--keep-stopped-days <days>', 'a stopped app can be started again for so long', stoppedMs / DAY_MS],
  ['--keep-unused-days <days>', 'a file that no version uses is kept for so long', blobMs / DAY_MS],
]

/** What is kept of what no longer runs. */
export function withKeepOptions(command: Command): Command {
  for (const [flags, description, initial] of FLAGS)
    command.addOption(new Option(flags, description).default(initial).argParser(parseAmount))
  return command
}

export function retentionOf(options: KeepOptions): Omit<Retention, 'stagedMs'> {
  return {
    versions: options.keepVersions,
    versionMs: options.keepVersionDays * DAY_MS,
    stoppedMs: options.keepStoppedDays * DAY_MS,
    blobMs: options.keepUnusedDays * DAY_MS,
  }
}

/** The same as arguments, for a process that is started with them. */
export function keepArguments(options: KeepOptions): string[] {
  const { keepVersions, keepVersionDays, keepStoppedDays, keepUnusedDays } = options
  const amounts = [keepVersions, keepVersionDays, keepStoppedDays, keepUnusedDays]
  return FLAGS.flatMap(([flags], index) => [flags.split(' ')[0] ?? '', String(amounts[index])])
}

function parseAmount(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is a whole number from 0 to 99999.')
}
