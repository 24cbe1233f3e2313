import { createHmac, createSecretKey, hash, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Keys } from '../../control/ports.ts'

const SECRET_BYTES = 32
const OWNER_ONLY = 0o600
/** Nothing else that begins so: somebody may have put a copy beside it. */
const DRAFT = /^secret\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * The installation's keys, made from `DIR/secret`, which is created at first.
 * @throws Error if the file does not hold a secret.
 */
export function openKeys(dir: string): LocalKeys {
  const file = join(dir, 'secret')
  removeDrafts(dir)
  const secret = readSecret(file) ?? createSecret(dir, file)
  if (secret.length !== SECRET_BYTES) {
    throw new Error(
      `${file} is damaged: it should hold ${SECRET_BYTES} bytes in hex. Restore it, or delete it: then every token and URL that was given out is void.`,
    )
  }
  return new LocalKeys(secret)
}

export class LocalKeys implements Keys {
  /** Made once: for bytes, each MAC would cost several times as much. */
  readonly #secret: KeyObject

  constructor(secret: Uint8Array) {
    this.#secret = createSecretKey(secret)
  }

  mac(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('hex')
  }

  hash(text: string): string {
    return hash('sha256', text)
  }
}

function readSecret(file: string): Uint8Array | undefined {
  try {
    return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** What a crash left is a secret of nothing. */
function removeDrafts(dir: string): void {
  const names = existsSync(dir) ? readdirSync(dir) : []
  for (const name of names) if (DRAFT.test(name)) rmSync(join(dir, name), { force: true })
}

/** A link appears whole or not at all, and never over another: no crash or race leaves half a secret, or two. */
function createSecret(dir: string, file: string): Uint8Array {
  mkdirSync(dir, { recursive: true })
  const draft = join(dir, `secret.${randomUUID()}`)
  writeFileSync(draft, `${randomBytes(SECRET_BYTES).toString('hex')}\n`, { mode: OWNER_ONLY, flag: 'wx' })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  return readSecret(file) ?? Buffer.alloc(0)
}
