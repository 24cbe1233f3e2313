import type { CallView } from '../protocol/api.ts'
import { INLINE_PAYLOAD_BYTES } from '../protocol/limits.ts'
import type { Api } from './api.ts'
import { download, put } from './transfer.ts'

/**
 * The arguments as the body of a call carries them: in place, or uploaded where they are too large for that.
 * @throws TypeError where one of them is not JSON
 */
export async function sendableArgs(
  api: Api,
  args: unknown[],
  env: string | undefined,
): Promise<{ args: unknown[] } | { argsBlob: string }> {
  const given = withoutTrailingUndefined(args)
  const json = Buffer.from(toJson(given))
  if (json.byteLength <= INLINE_PAYLOAD_BYTES) return { args: given }
  // Loaded where it is needed, as it takes a third of a container's start.
  const { createHash } = process.getBuiltinModule('node:crypto')
  const sha256 = createHash('sha256').update(json).digest('hex')
  const { missing } = await api.send('missingBlobs', { query: { env }, body: { sha256: [sha256] } })
  for (const address of missing) await put(address, json.byteLength, () => json)
  return { argsBlob: sha256 }
}

/** The result of a call that succeeded, fetched where it is too large for the answer. */
export async function resultOf({ result, resultUrl }: CallView): Promise<unknown> {
  if (resultUrl === undefined) return result
  return JSON.parse((await download(resultUrl)).toString())
}

/** JSON would make null of them, and the handler's own defaults would not apply. */
function withoutTrailingUndefined(args: unknown[]): unknown[] {
  return args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1)
}

function toJson(args: unknown[]): string {
  try {
    return JSON.stringify(args)
  } catch (error) {
    throw new TypeError(
      `The arguments cannot be sent as JSON: ${error instanceof Error ? error.message : error}`,
    )
  }
}
