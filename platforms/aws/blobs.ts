import { hash as sha256Of } from 'node:crypto'
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { Blobs, StoredBlob, Upload } from '../../control/ports.ts'
import { Sha256 } from '../../protocol/names.ts'
import { CLIENT_SETTINGS } from './client-settings.ts'
import type { Settings } from './settings.ts'
import { chunks } from './store/dynamodb/chunks.ts'

const URL_TTL_SECONDS = 15 * 60
/** Of the requests that ask which contents are stored. */
const AT_ONCE = 16
/** Amazon S3 API Reference, "DeleteObjects". */
const MOST_REMOVED = 1000
const FRESH_MS = 86_400_000
const CHECKSUM_HEADER = 'x-amz-checksum-sha256'

export function makeBlobs(settings: Settings): Blobs {
  return new S3Blobs(new S3Client(CLIENT_SETTINGS), settings.blobsBucket)
}

/** Contents as objects of one bucket, each under its SHA-256. */
export class S3Blobs implements Blobs {
  readonly #client: S3Client
  readonly #bucket: string

  constructor(client: S3Client, bucket: string) {
    this.#client = client
    this.#bucket = bucket
  }

  async missing(hashes: string[]): Promise<string[]> {
    const left = [...new Set(hashes)]
    const missing = new Set<string>()
    const lookAtOne = async () => {
      for (let hash = left.pop(); hash !== undefined; hash = left.pop()) {
        if (!(await this.#isStored(hash))) missing.add(hash)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, lookAtOne))
    return [...new Set(hashes)].filter((hash) => missing.has(hash))
  }

  /**
   * S3 holds the sender to the checksum only where it comes in a header, and only to a header that was signed; see
   * "Checking object integrity for data uploads in Amazon S3" in the S3 User Guide.
   */
  async uploadUrl(hash: string): Promise<Upload> {
    const checksum = checksumOf(hash)
    const command = new PutObjectCommand({ ...this.#place(hash), ChecksumSHA256: checksum })
    const url = await getSignedUrl(this.#client, command, {
      expiresIn: URL_TTL_SECONDS,
      unhoistableHeaders: new Set([CHECKSUM_HEADER]),
    })
    return { url, headers: { [CHECKSUM_HEADER]: checksum } }
  }

  async downloadUrl(hash: string): Promise<string> {
    return getSignedUrl(this.#client, new GetObjectCommand(this.#place(hash)), { expiresIn: URL_TTL_SECONDS })
  }

  async put(content: Uint8Array): Promise<string> {
    const hash = sha256Of('sha256', content)
    const object = { ...this.#place(hash), Body: content, ChecksumSHA256: checksumOf(hash) }
    await this.#client.send(new PutObjectCommand(object))
    return hash
  }

  async get(hash: string): Promise<Uint8Array | undefined> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand(this.#place(hash)))
      return await Body?.transformToByteArray()
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined
      throw error
    }
  }

  /** A copy onto itself; not oftener than it matters, since that is a write. */
  async touch(hash: string): Promise<boolean> {
    const storedAt = await this.#storedAt(hash)
    if (storedAt === undefined) return false
    if (Date.now() - storedAt < FRESH_MS) return true
    const { Bucket, Key } = this.#place(hash)
    const source = { CopySource: `${Bucket}/${Key}`, MetadataDirective: 'REPLACE' } as const
    await this.#client.send(new CopyObjectCommand({ Bucket, Key, ...source }))
    return true
  }

  async list(cursor?: string): Promise<{ items: StoredBlob[]; cursor?: string }> {
    const page = await this.#client.send(
      new ListObjectsV2Command({ Bucket: this.#bucket, ContinuationToken: cursor }),
    )
    const items = (page.Contents ?? []).map(({ Key = '', LastModified, Size = 0 }) => ({
      hash: Key,
      at: LastModified?.getTime() ?? 0,
      bytes: Size,
    }))
    return {
      items,
      ...(page.NextContinuationToken !== undefined && { cursor: page.NextContinuationToken }),
    }
  }

  /** @throws Error that names the first content that could not be removed */
  async remove(hashes: string[]): Promise<void> {
    for (const chunk of chunks(hashes, MOST_REMOVED)) {
      const Objects = chunk.map((hash) => ({ Key: this.#place(hash).Key }))
      const { Errors } = await this.#client.send(
        new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } }),
      )
      const [failed] = Errors ?? []
      if (failed) throw new Error(`${failed.Key} was not removed: ${failed.Message}`)
    }
  }

  async #isStored(hash: string): Promise<boolean> {
    return (await this.#storedAt(hash)) !== undefined
  }

  /** Milliseconds since the epoch. */
  async #storedAt(hash: string): Promise<number | undefined> {
    try {
      const { LastModified } = await this.#client.send(new HeadObjectCommand(this.#place(hash)))
      return LastModified?.getTime() ?? 0
    } catch (error) {
      if (error instanceof NotFound) return undefined
      throw error
    }
  }

  /** Throws where this is no hash: nothing else becomes a key. */
  #place(hash: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: Sha256.parse(hash) }
  }
}

const checksumOf = (hash: string): string => Buffer.from(hash, 'hex').toString('base64')
