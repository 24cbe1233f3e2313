import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Profile } from './profiles.ts'

/** What `sluice up` leaves in its folder. */
interface ControlPlaneFile {
  url?: string
  ingressUrl?: string
  pid?: number
}

const FOLDER = '.sluice'
/** A platform listens nowhere else: a file that says so came with somebody's repository, and would be sent code and tokens. */
const HERE = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?\/?$/

/** The platform that runs on the first of the folders that holds one. */
export function readLocal(folders: string[]): Profile | undefined {
  for (const folder of folders) {
    const url = addressIn(read(join(folder, 'control-plane.json')))
    const token = read(join(folder, 'token'))?.trim()
    if (url !== undefined) return { url, ...(token && { token }) }
  }
  return undefined
}

export function foldersAbove(start: string): string[] {
  const parent = dirname(start)
  return [join(start, FOLDER), ...(parent === start ? [] : foldersAbove(parent))]
}

/** Undefined for an address elsewhere, and for the half of a file that a platform may have left which was killed. */
function addressIn(file: string | undefined): string | undefined {
  try {
    const { url }: ControlPlaneFile = JSON.parse(file ?? '{}')
    return url !== undefined && HERE.test(url) ? url : undefined
  } catch {
    return undefined
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
