import type { Command } from 'commander'
import { LOCAL, profileNamed } from '../../sdk/profiles.ts'
import { loadProfiles, parseProfile, saveProfiles } from '../profiles.ts'
import { printDone } from '../terminal.ts'

export function registerProfileUse(profile: Command): void {
  profile
    .command('use')
    .description('mean this one where nothing else is said')
    .argument('<name>', `the profile; "${LOCAL}" is the platform on this machine`, parseProfile)
    .option('--verbose', 'show stack traces')
    .action((name: string) => {
      const { profiles } = loadProfiles()
      if (name === LOCAL) {
        saveProfiles({ profiles })
        return printDone('From now on, the platform on this machine is meant.')
      }
      const { url } = profileNamed(name, { profiles })
      saveProfiles({ current: name, profiles })
      printDone(`From now on, ${name} is meant: ${url}`)
    })
}
