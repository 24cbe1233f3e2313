import { randomUUID, hash as sha256Of } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Blobs, Clock, Keys, StoredBlob, Upload } from '../../../control/ports.ts'
import { Sha256 } from '../../../protocol/names.ts'
import { type BlobRequest, signatureFault, signedQuery } from './signature.ts'

const FIRST_FOLDER = '00'
const FOLDERS = 256

interface BlobsOptions {
  /** The state folder. */
  dir: string
  keys: Keys
  clock: Clock
  /** Base address of the server that `blobServer` is part of, asked for each URL: its port may not be known before. */
  apiUrl: () => string
}

/** Contents as files, `DIR/blobs/<first two digits>/<SHA-256>`: each appears whole or not at all, and never changes. */
export class LocalBlobs implements Blobs {
  readonly #options: BlobsOptions
  readonly #folder: string
  readonly #drafts: string

  constructor(options: BlobsOptions) {
    this.#options = options
    this.#folder = join(options.dir, 'blobs')
    this.#drafts = join(this.#folder, 'drafts')
    // What a crash left half written.
    rmSync(this.#drafts, { recursive: true, force: true })
    mkdirSync(this.#drafts, { recursive: true })
  }

  async missing(hashes: string[]): Promise<string[]> {
    const unique = [...new Set(hashes)]
    const stored = await Promise.all(unique.map((hash) => this.#isStored(hash)))
    return unique.filter((_, index) => !stored[index])
  }

  async uploadUrl(hash: string): Promise<Upload> {
    return { url: this.#signedUrl('PUT', hash) }
  }

  async downloadUrl(hash: string): Promise<string> {
    return this.#signedUrl('GET', hash)
  }

  async put(content: Uint8Array): Promise<string> {
    const hash = sha256Of('sha256', content)
    if (await this.touch(hash)) return hash
    await this.store(async (draft) => {
      await draft.writeFile(content)
      return hash
    })
    return hash
  }

  async get(hash: string): Promise<Uint8Array | undefined> {
    return readFile(this.#path(hash)).catch(absent)
  }

  async touch(hash: string): Promise<boolean> {
    const now = new Date(this.#options.clock.now())
    const touched = await utimes(this.#path(hash), now, now).then(() => true, absent)
    return touched ?? false
  }

  /** A page is a folder: those of one first two digits. */
  async list(cursor = FIRST_FOLDER): Promise<{ items: StoredBlob[]; cursor?: string }> {
    const names = await readdir(join(this.#folder, cursor)).catch(absent)
    const items = await Promise.all((names ?? []).map((hash) => this.#describe(hash)))
    const next = Number.parseInt(cursor, 16) + 1
    return {
      items: items.filter((item) => item !== undefined),
      ...(next < FOLDERS && { cursor: next.toString(16).padStart(2, '0') }),
    }
  }

  async remove(hashes: string[]): Promise<void> {
    for (const hash of hashes) await rm(this.#path(hash), { force: true })
  }

  /** For reading; undefined if it is not stored. */
  async open(hash: string): Promise<FileHandle | undefined> {
    return open(this.#path(hash), 'r').catch(absent)
  }

  /**
   * Stores what `write` writes, under the hash that it returns. If it throws, nothing is stored.
   * The content reaches the disk before the name does, or a power cut could leave a name with half the content, for good.
   */
  async store(write: (draft: FileHandle) => Promise<string>): Promise<void> {
    const path = join(this.#drafts, randomUUID())
    try {
      const hash = await this.#writeDraft(path, write)
      await mkdir(dirname(this.#path(hash)), { recursive: true })
      await rename(path, this.#path(hash))
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  }

  /** What is wrong with a signed URL's query for this request, in words. */
  signatureFault(request: BlobRequest, query: URLSearchParams): string | undefined {
    return signatureFault(this.#options, request, query)
  }

  /** Throws where this is no hash: nothing else can become part of a path. */
  #path(hash: string): string {
    return join(this.#folder, Sha256.parse(hash).slice(0, 2), hash)
  }

  async #writeDraft(path: string, write: (draft: FileHandle) => Promise<string>): Promise<string> {
    await using draft = await open(path, 'wx')
    const hash = await write(draft)
    await draft.datasync()
    return hash
  }

  async #isStored(hash: string): Promise<boolean> {
    const found = await stat(this.#path(hash)).catch(absent)
    return found !== undefined
  }

  async #describe(hash: string): Promise<StoredBlob | undefined> {
    const found = await stat(this.#path(hash)).catch(absent)
    return found && { hash, at: found.mtimeMs, bytes: found.size }
  }

  #signedUrl(method: 'PUT' | 'GET', hash: string): string {
    const query = signedQuery(this.#options, { method, hash: Sha256.parse(hash) })
    return `${this.#options.apiUrl()}/blobs/${hash}?${query}`
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
