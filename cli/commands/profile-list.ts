import type { Command } from 'commander'
import { LOCAL, type Profile } from '../../sdk/profiles.ts'
import { loadProfiles } from '../profiles.ts'
import { table } from '../table.ts'
import { print, printJson } from '../terminal.ts'

export function registerProfileList(profile: Command): void {
  profile
    .command('list')
    .description('profiles, and which one is in use')
    .option('--json', 'print them as JSON, without their tokens')
    .option('--verbose', 'show stack traces')
    .action(({ json }: { json?: true }) => {
      const { current = LOCAL, profiles } = loadProfiles()
      const items = Object.entries(profiles)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { token, ...rest }]) => ({ name, current: name === current, ...rest }))
      if (json) printJson({ current, items })
      else if (items.length === 0) print('There are no profiles yet: sluice profile create NAME --url URL')
      else print(profileTable(items))
    })
}

function profileTable(items: (Profile & { name: string; current: boolean })[]): string {
  return table(items, [
    ['', ({ current }) => (current ? '*' : '')],
    ['Profile', ({ name }) => name],
    ['Address', ({ url }) => url],
    ['Environment', ({ env }) => env],
    ['Gets in by', ({ auth }) => (auth === 'aws' ? 'AWS credentials' : 'token')],
  ])
}
