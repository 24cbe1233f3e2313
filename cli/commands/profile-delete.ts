import type { Command } from 'commander'
import { profileNamed } from '../../sdk/profiles.ts'
import { loadProfiles, parseProfile, saveProfiles } from '../profiles.ts'
import { printDone } from '../terminal.ts'

export function registerProfileDelete(profile: Command): void {
  profile
    .command('delete')
    .description('forget a profile; its token stays good until it is revoked')
    .argument('<name>', 'the profile', parseProfile)
    .option('--verbose', 'show stack traces')
    .action((name: string) => {
      const { current, profiles } = loadProfiles()
      profileNamed(name, { profiles })
      const { [name]: _, ...others } = profiles
      saveProfiles({ ...(current !== undefined && current !== name && { current }), profiles: others })
      printDone(`${name} is forgotten.`)
    })
}
