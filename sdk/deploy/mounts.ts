import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { AppDescription } from '../../protocol/author.ts'
import { DeployFault } from './fault.ts'
import { type LocalFile, readFolder } from './folder.ts'

export interface LocalMount {
  at: string
  /** As the author wrote it. */
  source: string
  files: LocalFile[]
}

/**
 * Reads every folder that the app mounts, once each.
 * @param base the folder of the app's file, which the author's paths are relative to
 * @returns the mounts by function
 * @throws DeployFault naming the function and the folder
 */
export async function readMounts(app: AppDescription, base: string): Promise<Map<string, LocalMount[]>> {
  const read = new Map<string, Promise<LocalFile[]>>()
  const readOnce = (folder: string) => {
    const files = read.get(folder) ?? readExisting(folder)
    read.set(folder, files)
    return files
  }
  const mounts = app.functions.map(async ({ name, folders }): Promise<[string, LocalMount[]]> => {
    const ofFunction = Object.entries(folders).map(async ([at, source]) => ({
      at,
      source,
      files: await readOnce(resolve(base, source)).catch((error) => {
        throw inContext(error, `${name} mounts ${source} at ${at}`)
      }),
    }))
    return [name, await Promise.all(ofFunction)]
  })
  return new Map(await Promise.all(mounts))
}

async function readExisting(folder: string): Promise<LocalFile[]> {
  const kind = await stat(folder).catch(() => undefined)
  if (!kind) throw new DeployFault(`there is no folder ${folder}.`)
  if (!kind.isDirectory()) throw new DeployFault(`${folder} is a file. Name the folder that holds it.`)
  return readFolder(folder)
}

function inContext(error: unknown, context: string): DeployFault {
  const reason = error instanceof Error ? error.message : String(error)
  return new DeployFault(`${context}, but ${reason}`, undefined, { cause: error })
}
