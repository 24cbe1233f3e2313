import { createHash } from 'node:crypto'
import { createReadStream, type Dirent, type Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { MountedFile } from '../../protocol/mounts.ts'
import { inParallel } from '../pool.ts'
import { DeployFault } from './fault.ts'

/** Never part of a mount: they are large, and no program of the author's reads them there. */
const SKIPPED = new Set(['node_modules', '.git'])
const FILES_AT_ONCE = 8

export interface LocalFile extends MountedFile {
  /** Where its content is. */
  source: string
}

/**
 * Every file of the folder, by its path in it. Symbolic links are followed as long as they stay in the folder.
 * @throws DeployFault where something in it is no file or folder, or leads out of it
 */
export async function readFolder(folder: string): Promise<LocalFile[]> {
  const root = await realpath(folder)
  const found = await walk(root, { path: '', source: root, above: [] })
  const sorted = found.sort((a, b) => (a.path < b.path ? -1 : 1))
  return inParallel(sorted, FILES_AT_ONCE, async (place) => ({ ...place, ...(await digest(place.source)) }))
}

/** A file, its links followed, and its path in the mount, where they are not. */
type Place = Pick<LocalFile, 'path' | 'source'>

async function walk(root: string, folder: Place & { above: string[] }): Promise<Place[]> {
  const above = [...folder.above, folder.source]
  const entries = await readdir(folder.source, { withFileTypes: true })
  const inner = entries
    .filter(({ name }) => !SKIPPED.has(name))
    .map(async (entry) => {
      const path = folder.path ? `${folder.path}/${entry.name}` : entry.name
      const { source, kind } = await target(root, path, entry)
      if (kind.isFile()) return [{ path, source }]
      if (!kind.isDirectory()) throw new DeployFault(`${path} is neither a file nor a folder.`)
      if (above.includes(source)) throw new DeployFault(`${path} is a link to a folder that it lies in.`)
      return walk(root, { path, source, above })
    })
  return (await Promise.all(inner)).flat()
}

async function target(
  root: string,
  path: string,
  entry: Dirent,
): Promise<{ source: string; kind: Dirent | Stats }> {
  const file = join(entry.parentPath, entry.name)
  if (!entry.isSymbolicLink()) return { source: file, kind: entry }
  const source = await realpath(file).catch((cause) => {
    throw new DeployFault(`${path} is a link to nothing.`, undefined, { cause })
  })
  if (source === root || source.startsWith(root + sep)) return { source, kind: await stat(source) }
  throw new DeployFault(
    `${path} is a link that leads out of the folder, to ${source}. Copy what it points at.`,
  )
}

async function digest(file: string): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk)
    size += chunk.length
  }
  return { sha256: hash.digest('hex'), size }
}
