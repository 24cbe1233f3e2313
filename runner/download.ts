import { dirname, resolve, sep } from 'node:path'
import { HttpError, open } from '../protocol/http.ts'
import type { Download } from '../protocol/runtime.ts'
import { isTransient } from './control-plane.ts'
import { retrying } from './retry.ts'

/** Enough to hide the round trips; more only fights over the same bandwidth. */
const PARALLEL = 16
const ATTEMPTS = 8
const TIMEOUT_MS = 300_000

/**
 * Puts every file below `root`, each verified by its hash.
 * @throws Error that names the file which could not be had
 */
export async function download(files: Download[], root: string): Promise<void> {
  const left = files.values()
  const lanes = Array.from({ length: Math.min(PARALLEL, files.length) }, async () => {
    for (const file of left) await fetchFile(file, root)
  })
  await Promise.all(lanes)
}

async function fetchFile(file: Download, root: string): Promise<void> {
  const target = resolve(root, file.path)
  if (!target.startsWith(resolve(root) + sep))
    throw new Error(`The file ${file.path} lies outside the container`)
  process.getBuiltinModule('node:fs').mkdirSync(dirname(target), { recursive: true })
  const hash = await retrying(() => save(file.url, target), { isTransient, attempts: ATTEMPTS }).catch(
    (cause) => {
      throw new Error(faultOf(file, cause), { cause })
    },
  )
  if (hash !== file.sha256) throw new Error(`The file ${file.path} has the hash ${hash}, not ${file.sha256}`)
}

function faultOf({ path, sha256 }: Download, cause: unknown): string {
  if (cause instanceof HttpError && cause.status === 404)
    return `The content of ${path} is no longer stored (SHA-256 ${sha256}). Deploy the app from its source again, which uploads what is missing.`
  return `The file ${path} could not be downloaded: ${cause instanceof Error ? cause.message : cause}`
}

/** @returns the content's SHA-256 */
async function save(url: string, target: string): Promise<string> {
  // Loaded here because a container's first request must not wait for it, and not by `import`, which takes longer.
  const { createHash } = process.getBuiltinModule('node:crypto')
  const { createWriteStream } = process.getBuiltinModule('node:fs')
  const { pipeline } = process.getBuiltinModule('node:stream/promises')
  const hash = createHash('sha256')
  await open({ method: 'GET', url, timeoutMs: TIMEOUT_MS }, async (incoming) => {
    const status = incoming.statusCode ?? 0
    if (status >= 400) {
      incoming.destroy()
      throw new HttpError(status, {})
    }
    incoming.on('data', (chunk: Buffer) => hash.update(chunk))
    await pipeline(incoming, createWriteStream(target))
  })
  return hash.digest('hex')
}
