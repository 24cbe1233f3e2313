import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identify, isAlive, type ProcessIdentity } from './compute/processes.ts'

const OWNER_ONLY = { folder: 0o700, file: 0o600 } as const

/** What a control plane leaves in its folder for as long as it can be reached. */
export interface ControlPlaneFile extends ProcessIdentity {
  url: string
  ingressUrl: string
  /** ISO 8601. */
  startedAt: string
}

export function makeFolder(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: OWNER_ONLY.folder })
}

export const storePath = (dir: string): string => join(dir, 'sluice.db')
export const tokenPath = (dir: string): string => join(dir, 'token')
const controlPlanePath = (dir: string): string => join(dir, 'control-plane.json')

/** Says where this process can be reached. */
export function announce(
  dir: string,
  { url, ingressUrl, startedAt }: Omit<ControlPlaneFile, keyof ProcessIdentity>,
): void {
  writeWhole(
    controlPlanePath(dir),
    JSON.stringify({ url, ingressUrl, startedAt, ...identify(process.pid) }, null, 2),
  )
}

export function withdraw(dir: string): void {
  rmSync(controlPlanePath(dir), { force: true })
}

/** @throws Error with the system's `code` where nothing can be opened any more */
export function tryToOpen(dir: string): void {
  closeSync(openSync(dir, 'r'))
}

/** The control plane that runs on the folder; one that died leaves its file behind, but runs no more. */
export function runningControlPlane(dir: string): ControlPlaneFile | undefined {
  const text = readIfThere(controlPlanePath(dir))
  if (text === undefined) return undefined
  const found: ControlPlaneFile = JSON.parse(text)
  return isAlive(found) ? found : undefined
}

/** The token that the folder holds, or the one that `make` makes for it. */
export function keepToken(dir: string, make: () => string): string {
  const kept = readIfThere(tokenPath(dir))?.trim()
  return kept || replaceToken(dir, make())
}

export function replaceToken(dir: string, token: string): string {
  writeWhole(tokenPath(dir), `${token}\n`)
  return token
}

/** Whoever looks sees all of it or nothing. */
function writeWhole(path: string, text: string): void {
  const draft = `${path}.new`
  rmSync(draft, { force: true })
  writeFileSync(draft, text, { mode: OWNER_ONLY.file, flag: 'wx' })
  renameSync(draft, path)
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
