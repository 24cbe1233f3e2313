import type { Manifest } from './manifest.ts'

/** Every blob that a manifest refers to, each hash once. */
export function blobsOf(manifest: Manifest): string[] {
  const { code, map } = manifest.bundle
  const mounted = Object.values(manifest.functions).flatMap((spec) =>
    spec.mounts.flatMap((mount) => mount.files),
  )
  return [...new Set([code, ...(map ? [map] : []), ...mounted].map((file) => file.sha256))]
}

/** Every secret that a manifest names, each once. */
export function secretsOf(manifest: Manifest): string[] {
  return [...new Set(Object.values(manifest.functions).flatMap(({ secrets = [] }) => secrets))]
}
