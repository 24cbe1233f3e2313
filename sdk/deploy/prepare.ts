import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { Commit } from '../../protocol/api.ts'
import type { AppDescription } from '../../protocol/author.ts'
import { MAX_BODY_BYTES } from '../../protocol/limits.ts'
import type { ManifestInput } from '../../protocol/manifest.ts'
import type { MountedFile } from '../../protocol/mounts.ts'
import { bundle, CODE, MAP } from './bundle.ts'
import { describe } from './describe.ts'
import { DeployFault } from './fault.ts'
import { commitOf } from './git.ts'
import { LoadingProcess } from './loading-process.ts'
import { type LocalMount, readMounts } from './mounts.ts'

/** A content to upload: in memory, or in the file of that path. */
export interface Content {
  sha256: string
  size: number
  source: Uint8Array | string
}

export interface Prepared {
  manifest: ManifestInput
  /** All that the manifest refers to; a hash may occur more than once. */
  contents: Content[]
  /** What is checked out where the app's file lies. */
  commit: Commit | undefined
  /** What the bundler had to remark, ready to print; empty if nothing. */
  warnings: string
  /** Paths of the files, and of the folders, that it was made of. */
  sources: { files: string[]; folders: string[] }
}

export interface PrepareOptions {
  /** Instead of the app's own name. */
  name?: string | undefined
  /** Whether code frames are coloured. */
  color?: boolean | undefined
  /** Whoever aborts it wants no answer. */
  signal?: AbortSignal
}

/**
 * All that there is to say about the app, made of its file; nothing is sent.
 * @throws DeployFault naming what is wrong with the author's file or folders, as far as that shows without the server
 */
export async function prepare(entry: string, options: PrepareOptions = {}): Promise<Prepared> {
  const file = resolve(entry)
  await refuseNonFile(file)
  const commit = commitOf(dirname(file))
  await using loading = new LoadingProcess({ signal: options.signal })
  const bundled = await bundle(file, { color: options.color })
  const { code, map, warnings, inputs } = bundled
  options.signal?.throwIfAborted()
  const app = await describe(bundled, file, loading)
  const mounts = await readMounts(app, dirname(file))
  const own = { code: inMemory(code), map: inMemory(map) }
  const manifest: ManifestInput = {
    app: options.name ?? app.name,
    ...(app.tags && { tags: app.tags }),
    ...(app.check !== undefined && { check: app.check }),
    ...(app.rollback && { rollback: app.rollback }),
    bundle: { code: mounted(CODE, own.code), map: mounted(MAP, own.map) },
    functions: Object.fromEntries(app.functions.map((authored) => [authored.name, specOf(authored, mounts)])),
  }
  refuseTooLarge(manifest)
  return {
    manifest,
    contents: [own.code, own.map, ...[...mounts.values()].flat().flatMap(({ files }) => files)],
    commit: await commit,
    warnings,
    sources: { files: inputs, folders: foldersOf(app, dirname(file)) },
  }
}

function foldersOf({ functions }: AppDescription, base: string): string[] {
  const mounted = functions.flatMap(({ folders }) => Object.values(folders))
  return [...new Set(mounted.map((folder) => resolve(base, folder)))]
}

async function refuseNonFile(file: string): Promise<void> {
  const kind = await stat(file).catch(() => undefined)
  if (!kind) throw new DeployFault(`There is no file ${basename(file)} in ${dirname(file)}.`)
  if (!kind.isFile()) throw new DeployFault(`${file} is a folder. Name the app's file in it, such as app.ts.`)
}

/** Before all that it names is uploaded in vain. */
function refuseTooLarge(manifest: ManifestInput): void {
  if (Buffer.byteLength(JSON.stringify(manifest)) <= MAX_BODY_BYTES) return
  const mounts = Object.values(manifest.functions).flatMap((spec) => spec.mounts ?? [])
  const files = mounts.reduce((sum, mount) => sum + mount.files.length, 0)
  throw new DeployFault(
    `The app's functions mount ${files} files, more than a deployment can name. Mount fewer, or pack them into archives.`,
  )
}

function specOf({ name, spec }: AppDescription['functions'][number], mounts: Map<string, LocalMount[]>) {
  const ofFunction = mounts.get(name) ?? []
  return {
    ...spec,
    mounts: ofFunction.map((mount) => ({
      ...mount,
      files: mount.files.map((file) => mounted(file.path, file)),
    })),
  }
}

function inMemory(source: Uint8Array): Content {
  return { sha256: createHash('sha256').update(source).digest('hex'), size: source.byteLength, source }
}

const mounted = (path: string, { sha256, size }: Pick<Content, 'sha256' | 'size'>): MountedFile => ({
  path,
  sha256,
  size,
})
