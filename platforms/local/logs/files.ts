import { mkdirSync, openSync, writeSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { LogLine } from '../../../protocol/log-line.ts'
import { type AppKey, AppName, EnvName } from '../../../protocol/names.ts'

const EXTENSION = '.ndjson'
/** Begins the names of files that no container writes. */
const SYSTEM = 'system-'
const ContainerId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)

/**
 * Whose output a file holds: its first line. It makes sense of the lines that are no log lines. That of what the control
 * plane writes names the app alone.
 */
export const LogHeader = LogLine.pick({
  env: true,
  app: true,
  function: true,
  version: true,
  container: true,
})
export type LogHeader = z.infer<typeof LogHeader>

export interface LogFile {
  path: string
  size: number
  /** When it was last written to: none of its lines is later. */
  modifiedAt: number
}

/**
 * Opens the file that takes a container's output, and begins it if it is new.
 * @returns a descriptor that appends, whoever else does.
 */
export function openLog(dir: string, header: LogHeader): number {
  const folder = logFolder(dir, header)
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${ContainerId.parse(header.container)}${EXTENSION}`)
  const descriptor = openSync(path, 'a')
  const { env, app, function: name, version, container } = header
  writeSync(descriptor, `${JSON.stringify({ env, app, function: name, version, container })}\n`)
  return descriptor
}

/** The folder of an app's logs. Throws where a name could lead elsewhere. */
export function logFolder(dir: string, { env, app }: AppKey): string {
  return join(dir, 'logs', EnvName.parse(env), AppName.parse(app))
}

/** The file of what the control plane says of an app in a day, `2026-01-31`: a day at a time it can be let go. */
export const systemLog = (folder: string, day: string): string => join(folder, `${SYSTEM}${day}${EXTENSION}`)

export const isSystemLog = (name: string): boolean => name.startsWith(SYSTEM) && name.endsWith(EXTENSION)

/** What tells a file's lines from those of the app's other files. */
export const nameOf = (path: string): string => basename(path, EXTENSION)

/** The files of an app, or those that can hold lines about one container of it. */
export async function listLogs(folder: string, container: string | undefined): Promise<LogFile[]> {
  const names = await readdir(folder).catch(() => [])
  const wanted = names.filter((name) => isLogOf(name, container))
  const files = await Promise.all(wanted.map((name) => describe(join(folder, name))))
  return files.filter((file) => file !== undefined)
}

/** Whether a file's name is that of a log which can hold lines about this container, or about any. */
export function isLogOf(name: string, container: string | undefined): boolean {
  if (!name.endsWith(EXTENSION)) return false
  return container === undefined || isSystemLog(name) || name === `${container}${EXTENSION}`
}

async function describe(path: string): Promise<LogFile | undefined> {
  const stats = await stat(path).catch(() => undefined)
  return stats && { path, size: stats.size, modifiedAt: stats.mtimeMs }
}
