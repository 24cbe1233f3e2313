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

/** A platform that was killed may have left half a file. */
function addressIn(file: string | undefined): string | undefined {
  try {
    const { url }: ControlPlaneFile = JSON.parse(file ?? '{}')
    return url
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
