import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

interface PackageJson {
  name: string
  version: string
}

/** The root of the package that this file belongs to: one folder higher from `dist/` than from the sources. */
export function packageRoot(folder: string = import.meta.dirname): string {
  if (readPackage(folder)?.name === 'sluice') return folder
  return packageRoot(dirname(folder))
}

export function packageVersion(): string {
  return readPackage(packageRoot())?.version ?? 'unknown'
}

/** What a deployment calls its maker, such as `sluice-cli/0.1.0`. */
export function clientName(program: 'cli' | 'sdk'): string {
  return `sluice-${program}/${packageVersion()}`
}

export function readPackage(folder: string): PackageJson | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  } catch {
    return undefined
  }
}
