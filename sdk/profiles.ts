import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { own } from '../protocol/own.ts'
import { ConfigurationError } from './errors.ts'

/** A control plane as its user has written it down: where it is, and how to get in. */
export interface Profile {
  url: string
  token?: string
  /** In place of a token, requests are signed with AWS credentials. */
  auth?: 'aws'
  /** The environment that is meant where none is named. */
  env?: string
}

export interface Profiles {
  /** The one that is meant where none is named. */
  current?: string
  profiles: Record<string, Profile>
}

/** Stands for the platform on this machine, so nothing else is called that. */
export const LOCAL = 'local'

export function profilesPath(configHome: string | undefined): string {
  return join(configHome || join(homedir(), '.config'), 'sluice', 'profiles.json')
}

/** @throws ConfigurationError where the file is there, and is not what was written */
export function readProfiles(path: string): Profiles {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return { profiles: {} }
  }
  try {
    const { current, profiles } = JSON.parse(text) as Profiles
    for (const { url } of Object.values(profiles)) new URL(url)
    return { ...(current !== undefined && { current }), profiles }
  } catch {
    throw new ConfigurationError(`${path} holds no profiles as Sluice writes them. Mend it, or delete it.`)
  }
}

/** @throws ConfigurationError where there is none of that name */
export function profileNamed(name: string, { profiles }: Profiles): Profile {
  const profile = own(profiles, name)
  if (profile) return profile
  const known = Object.keys(profiles).sort()
  const those = known.length > 0 ? `There are ${known.join(', ')}.` : 'There are none yet.'
  throw new ConfigurationError(
    `There is no profile "${name}". ${those} Make it with "sluice profile create ${name} --url URL".`,
  )
}
