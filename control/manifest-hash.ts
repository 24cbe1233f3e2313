import type { Manifest } from '../protocol/manifest.ts'
import type { Keys } from './ports.ts'

/** Equal for manifests that mean the same, whatever the order of their keys. */
export function manifestHash(keys: Keys, manifest: Manifest): string {
  return keys.hash(canonical(manifest))
}

/** JSON with the keys of every object in order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
