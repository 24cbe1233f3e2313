import { SluiceError } from '../protocol/errors.ts'
import type { Needs } from './ports.ts'

/**
 * Which of these are not stored. Those that are stay for whoever is about to use them, even if they were about to be
 * removed.
 * @throws SluiceError `unavailable` while some of them are being removed.
 */
export async function missingBlobs(
  ports: Needs<'blobs' | 'clock' | 'store'>,
  hashes: string[],
): Promise<string[]> {
  if (hashes.length === 0) return []
  await reprieve(ports, hashes)
  return ports.blobs.missing(hashes)
}

/** Has a stored content be kept for as long as one that is new; false where it is not stored. */
export async function keepBlob(ports: Needs<'blobs' | 'clock' | 'store'>, hash: string): Promise<boolean> {
  const [missing] = await missingBlobs(ports, [hash])
  return missing === undefined && ports.blobs.touch(hash)
}

/** Stores what a call was given. @returns its hash */
export async function storeBlob(
  ports: Needs<'blobs' | 'clock' | 'keys' | 'store'>,
  json: string,
): Promise<string> {
  await reprieve(ports, [ports.keys.hash(json)])
  return ports.blobs.put(new TextEncoder().encode(json))
}

async function reprieve({ clock, store }: Needs<'clock' | 'store'>, hashes: string[]): Promise<void> {
  if (await store.reprieve(hashes, clock.now())) return
  throw new SluiceError(
    'unavailable',
    'Contents that nothing refers to are being removed at this moment. Try again in a minute.',
  )
}
