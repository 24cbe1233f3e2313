import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { profilesFile } from '../sdk/config.ts'
import { LOCAL, type Profiles, readProfiles } from '../sdk/profiles.ts'

const OWNER_ONLY = { folder: 0o700, file: 0o600 } as const
const NAME = /^[a-zA-Z0-9][\w.-]{0,63}$/

export const loadProfiles = (): Profiles => readProfiles(profilesFile())

/** Whoever looks sees all of it or nothing, and nobody but its owner looks. @returns where */
export function saveProfiles(profiles: Profiles): string {
  const file = profilesFile()
  const draft = `${file}.${process.pid}.new`
  mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY.folder })
  rmSync(draft, { force: true })
  writeFileSync(draft, `${JSON.stringify(profiles, null, 2)}\n`, { mode: OWNER_ONLY.file, flag: 'wx' })
  // The mask of the process may have taken away what the owner needs.
  chmodSync(draft, OWNER_ONLY.file)
  renameSync(draft, file)
  return file
}

export function parseProfile(text: string): string {
  if (NAME.test(text)) return text
  throw new InvalidArgumentError(
    'A profile’s name is letters, digits, ".", "_" and "-", and begins with a letter or digit.',
  )
}

/** For one that is to be made: the platform on this machine is called `local` already. */
export function parseNewProfile(text: string): string {
  if (text !== LOCAL) return parseProfile(text)
  throw new InvalidArgumentError(
    `"${LOCAL}" is the platform on this machine, as it is found without a profile.`,
  )
}
