import { gunzipSync, gzipSync } from 'node:zlib'
import { SluiceError } from '../../../../protocol/errors.ts'
import type { Manifest } from '../../../../protocol/manifest.ts'
import { appLabel } from '../../../../protocol/names.ts'
import { readAll } from '../dynamodb/read.ts'
import type { ManifestEntity, VersionItem } from '../items/version.ts'

/** A DynamoDB item takes 400 KB, names and keys included ("Service, account, and table quotas"). */
const MOST_BYTES = 399_000
/** One that is parsed may take a megabyte, and a handler has some hundred of them. */
const MOST_KEPT = 100

/** @throws SluiceError `invalid_manifest` where it is too large to be kept. */
export function packed(key: { env: string; app: string }, manifest: Manifest): Uint8Array {
  const content = gzipSync(JSON.stringify(manifest))
  if (content.byteLength <= MOST_BYTES) return content
  const size = Math.ceil(content.byteLength / 1000)
  throw new SluiceError(
    'invalid_manifest',
    `The manifest of ${appLabel(key)} is ${size} KB when compressed, and at most ${MOST_BYTES / 1000} KB can be kept. Mount fewer files, or pack them into one.`,
  )
}

/** Versions are read far more often than made, and a manifest never changes: those read last stay parsed. */
export class Manifests {
  readonly #entity: ManifestEntity
  readonly #known = new Map<string, Manifest>()

  constructor(entity: ManifestEntity) {
    this.#entity = entity
  }

  /** The manifests of these versions, in their order. */
  async of(versions: VersionItem[]): Promise<Manifest[]> {
    const unknown = versions.filter((version) => !this.#known.has(nameOf(version)))
    const items = await readAll(
      this.#entity,
      unknown.map(({ env, app, version }) => ({ env, app, version })),
    )
    const contents = new Map(items.map(({ version, content }) => [version, content]))
    return versions.map((version) => this.#known.get(nameOf(version)) ?? this.#keep(version, contents))
  }

  #keep(version: VersionItem, contents: Map<number, Uint8Array>): Manifest {
    const content = contents.get(version.version)
    if (!content) throw new Error(`The manifest of ${nameOf(version)} is not stored`)
    const manifest = JSON.parse(gunzipSync(content).toString()) as Manifest
    const [oldest] = this.#known.keys()
    if (this.#known.size >= MOST_KEPT && oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(nameOf(version), manifest)
    return manifest
  }
}

/** The hash tells an app from one of the same name that was there before it. */
function nameOf({ env, app, version, manifestHash }: VersionItem): string {
  return `${env}/${app} v${version} (${manifestHash})`
}
