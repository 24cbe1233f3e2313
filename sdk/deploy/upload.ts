import { createReadStream } from 'node:fs'
import type { Api } from '../api.ts'
import { inParallel } from '../pool.ts'
import { type Address, put } from '../transfer.ts'
import { DeployFault } from './fault.ts'
import type { Content } from './prepare.ts'

const UPLOADS_AT_ONCE = 8
/** Upload addresses are good for a quarter of an hour, so not too many are asked for at once. */
const ASKED_AT_ONCE = 500

/**
 * Sends what the control plane does not have yet.
 * @throws DeployFault naming the file that could not be sent
 */
export async function upload(api: Api, contents: Content[], env: string | undefined): Promise<void> {
  const byHash = new Map(contents.map((content) => [content.sha256, content]))
  const hashes = [...byHash.keys()]
  for (let start = 0; start < hashes.length; start += ASKED_AT_ONCE) {
    const sha256 = hashes.slice(start, start + ASKED_AT_ONCE)
    const { missing } = await api.send('missingBlobs', { query: { env }, body: { sha256 } })
    await inParallel(missing, UPLOADS_AT_ONCE, async (address) => {
      const content = byHash.get(address.sha256)
      if (content) await send(content, address)
    })
  }
}

async function send({ source, size }: Content, address: Address): Promise<void> {
  try {
    await put(address, size, () => (typeof source === 'string' ? createReadStream(source) : source))
  } catch (cause) {
    const what = typeof source === 'string' ? source : 'the bundle'
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DeployFault(`${what} could not be uploaded: ${reason}`, undefined, { cause })
  }
}
