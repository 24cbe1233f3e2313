import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { AwsVariables } from './aws-signature.ts'
import { ConfigurationError } from './errors.ts'

/** Where the control plane is, and who we are to it. */
export interface Config {
  url: string
  token?: string
  /** In place of a token, requests are signed with the AWS credentials among these variables. */
  aws?: AwsVariables
  /** The environment that is meant where none is named; the server's default unless given. */
  env?: string
}

/** What `sluice up` leaves in its folder. */
interface ControlPlaneFile {
  url?: string
  ingressUrl?: string
  pid?: number
}

const FOLDER = '.sluice'

/**
 * From what was given, else the environment (`SLUICE_URL`, `SLUICE_TOKEN` or `SLUICE_AUTH`, `SLUICE_ENV`), else the folder of a local
 * platform: `SLUICE_DIR`, or the nearest `.sluice` above one of `near`.
 * @throws ConfigurationError where no control plane can be found, or no token for it
 */
export function readConfig(given: Partial<Config> = {}, near: string[] = [process.cwd()]): Config {
  const { SLUICE_URL, SLUICE_TOKEN, SLUICE_AUTH, SLUICE_ENV, SLUICE_DIR } = process.env
  const local = readLocal(SLUICE_DIR ? [resolve(SLUICE_DIR)] : near.flatMap(foldersAbove))
  const url = given.url ?? (SLUICE_URL || local?.url)
  if (!url) throw new ConfigurationError(notFound(SLUICE_DIR))
  if (!URL.canParse(url)) {
    throw new ConfigurationError(`"${url}" is no address of Sluice; it looks like http://localhost:4100.`)
  }
  const aws = given.aws ?? awsVariables(SLUICE_AUTH)
  const token = given.token ?? (SLUICE_TOKEN || tokenFor(url, local))
  const env = given.env ?? SLUICE_ENV
  return { url, ...(token && { token }), ...(aws && { aws }), ...(env && { env }) }
}

function awsVariables(auth: string | undefined): AwsVariables | undefined {
  if (!auth) return undefined
  if (auth === 'aws') return process.env
  throw new ConfigurationError(
    `SLUICE_AUTH is "${auth}". Set it to "aws" to sign requests with AWS credentials, or to nothing to use a token.`,
  )
}

function readLocal(folders: string[]): { url: string; token: string | undefined } | undefined {
  for (const folder of folders) {
    const url = addressIn(read(join(folder, 'control-plane.json')))
    if (url !== undefined) return { url, token: read(join(folder, 'token'))?.trim() }
  }
  return undefined
}

/** A platform that was killed may have left half a file. */
function addressIn(file: string | undefined): string | undefined {
  try {
    const { url }: ControlPlaneFile = JSON.parse(file ?? '{}')
    return url
  } catch {
    return undefined
  }
}

function foldersAbove(start: string): string[] {
  const parent = dirname(start)
  return [join(start, FOLDER), ...(parent === start ? [] : foldersAbove(parent))]
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** A local token goes to the control plane that made it and to nobody else. */
function tokenFor(url: string, local: { url: string; token: string | undefined } | undefined) {
  return local && originOf(local.url) === originOf(url) ? local.token : undefined
}

/** This machine has several names. */
const originOf = (url: string): string =>
  new URL(url).origin.replace(/\/\/(127\.0\.0\.1|\[::1\])(?=:|$)/, '//localhost')

function notFound(dir: string | undefined): string {
  const where = dir ? `SLUICE_DIR (${dir}) holds no running platform` : 'No running platform was found'
  return `${where}. Start one with "sluice up", or set SLUICE_URL and SLUICE_TOKEN to use another.`
}
