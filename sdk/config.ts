import { resolve } from 'node:path'
import type { AwsVariables } from './aws-signature.ts'
import { ConfigurationError } from './errors.ts'
import { foldersAbove, readLocal } from './local-platform.ts'
import { LOCAL, type Profile, profileNamed, profilesPath, readProfiles } from './profiles.ts'

/** Where the control plane is, and who we are to it. */
export interface Config {
  url: string
  token?: string
  /** In place of a token, requests are signed with the AWS credentials among these variables. */
  aws?: AwsVariables
  /** The environment that is meant where none is named; the server's default unless given. */
  env?: string
}

export interface Given extends Partial<Config> {
  /** One of those that `sluice profile create` made; `local` is the platform on this machine. */
  profile?: string
}

/**
 * From what was given, else the environment (`SLUICE_URL`, `SLUICE_TOKEN` or `SLUICE_AUTH`, `SLUICE_ENV`), else what is written
 * down: the profile `SLUICE_PROFILE`, the platform in `SLUICE_DIR`, the profile in use, or the platform in the nearest `.sluice`
 * above one of `near`.
 * @throws ConfigurationError where no control plane can be found, or no token for it
 */
export function readConfig(given: Given = {}, near: string[] = [process.cwd()]): Config {
  const { SLUICE_URL, SLUICE_TOKEN, SLUICE_AUTH, SLUICE_ENV, SLUICE_DIR } = process.env
  // Whoever names a profile means all of it.
  const named = given.profile !== undefined
  const places = !named && SLUICE_URL && SLUICE_TOKEN ? [] : writtenDown(given.profile, near)
  const url = given.url ?? (named ? places[0]?.url : SLUICE_URL || places[0]?.url)
  if (!url) throw new ConfigurationError(notFound(SLUICE_DIR))
  if (!URL.canParse(url)) {
    throw new ConfigurationError(`"${url}" is no address of Sluice; it looks like http://localhost:4100.`)
  }
  // A token goes to the control plane that made it and to nobody else.
  const place = places.find((known) => originOf(known.url) === originOf(url))
  const auth = named ? place?.auth : SLUICE_AUTH || (SLUICE_TOKEN ? undefined : place?.auth)
  const aws = given.aws ?? (given.token === undefined ? awsVariables(auth) : undefined)
  const token = given.token ?? ((!named && SLUICE_TOKEN) || place?.token)
  const env = given.env ?? (SLUICE_ENV || place?.env)
  return { url, ...(token && { token }), ...(aws && { aws }), ...(env && { env }) }
}

/** What a profile says, without anything that the environment might add. */
export function configOf({ url, token, auth, env }: Profile): Config {
  return { url, ...(token && { token }), ...(auth && { aws: process.env }), ...(env && { env }) }
}

/** Where profiles are written down. */
export function profilesFile(): string {
  return profilesPath(process.env.XDG_CONFIG_HOME)
}

/** The control planes that are known of, the one that is meant first. */
function writtenDown(named: string | undefined, near: string[]): Profile[] {
  const { SLUICE_PROFILE, SLUICE_DIR } = process.env
  const profiles = readProfiles(profilesFile())
  const local = readLocal(SLUICE_DIR ? [resolve(SLUICE_DIR)] : near.flatMap(foldersAbove))
  const name = named ?? (SLUICE_PROFILE || (SLUICE_DIR ? LOCAL : (profiles.current ?? LOCAL)))
  const others = local ? [local] : []
  return name === LOCAL ? others : [profileNamed(name, profiles), ...others]
}

function awsVariables(auth: string | undefined): AwsVariables | undefined {
  if (!auth) return undefined
  if (auth === 'aws') return process.env
  throw new ConfigurationError(
    `SLUICE_AUTH is "${auth}". Set it to "aws" to sign requests with AWS credentials, or to nothing to use a token.`,
  )
}

/** This machine has several names. */
const originOf = (url: string): string =>
  new URL(url).origin.replace(/\/\/(127\.0\.0\.1|\[::1\])(?=:|$)/, '//localhost')

function notFound(dir: string | undefined): string {
  const where = dir ? `SLUICE_DIR (${dir}) holds no running platform` : 'No running platform was found'
  return `${where}. Start one with "sluice up", or say which one is meant: with SLUICE_URL and SLUICE_TOKEN, or with a profile ("sluice profile --help").`
}
