import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { listLogs, nameOf } from './files.ts'

/** Removes the logs of every app that were last written to before, but for those of these containers. */
export async function removeOldLogs(
  dir: string,
  before: number,
  running: ReadonlySet<string>,
): Promise<void> {
  const root = join(dir, 'logs')
  for (const env of await foldersIn(root)) {
    for (const app of await foldersIn(join(root, env))) {
      const files = await listLogs(join(root, env, app), undefined)
      const old = files.filter(({ path, modifiedAt }) => modifiedAt < before && !running.has(nameOf(path)))
      await Promise.all(old.map(({ path }) => rm(path, { force: true })))
    }
  }
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}
