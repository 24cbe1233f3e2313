import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Keys, Secrets } from '../../control/ports.ts'
import type { SecretRef } from '../../control/secret-model.ts'
import type { Database } from './store/database.ts'

/** NIST SP 800-38D: with 96 bits of its own for each sealing, a key is good for billions of them. */
const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

const WHERE = 'env = $env and name = $name and version = $version'

/** Values in the database of the store, sealed under a key that is made from the installation's. */
export class SqliteSecrets implements Secrets {
  readonly #db: Database
  readonly #key: Uint8Array

  constructor(db: Database, keys: Pick<Keys, 'mac'>) {
    this.#db = db
    this.#key = Buffer.from(keys.mac('values of secrets'), 'hex')
  }

  async put({ env, name, version }: SecretRef, values: Record<string, string>): Promise<void> {
    const sealed = this.#seal({ env, name, version }, JSON.stringify(values))
    this.#db.run(
      'insert into secret_values (env, name, version, sealed) values ($env, $name, $version, $sealed)',
      { env, name, version, sealed },
    )
    await this.#db.commits.settling
  }

  async get({ env, name, version }: SecretRef): Promise<Record<string, string> | undefined> {
    const ref = { env, name, version }
    const row = this.#db.get(`select sealed from secret_values where ${WHERE}`, { ...ref })
    return row && JSON.parse(this.#open(ref, row.sealed as Uint8Array))
  }

  async remove({ env, name, version }: SecretRef): Promise<void> {
    this.#db.run(`delete from secret_values where ${WHERE}`, { env, name, version })
    await this.#db.commits.settling
  }

  /** Nonce, tag and text. Bound to its place: copied to another secret's row, it would not open. */
  #seal(ref: SecretRef, text: string): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(placeOf(ref))
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), body])
  }

  #open(ref: SecretRef, sealed: Uint8Array): string {
    const nonce = sealed.subarray(0, NONCE_BYTES)
    const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
    const decipher = createDecipheriv(CIPHER, this.#key, nonce).setAAD(placeOf(ref)).setAuthTag(tag)
    try {
      const body = sealed.subarray(NONCE_BYTES + TAG_BYTES)
      return Buffer.concat([decipher.update(body), decipher.final()]).toString()
    } catch (cause) {
      throw new Error(
        `The values of the secret "${ref.name}" of environment "${ref.env}" cannot be opened: the file "secret" of the state folder is not the one that they were sealed with. Restore it, or create the secret again with --force.`,
        { cause },
      )
    }
  }
}

const placeOf = ({ env, name, version }: SecretRef): Uint8Array => Buffer.from(`${env}/${name}/${version}`)
