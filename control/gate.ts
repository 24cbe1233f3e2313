import type { Manifest } from '../protocol/manifest.ts'
import { own } from '../protocol/own.ts'
import type { Check } from '../protocol/runtime.ts'
import type { Version } from './model.ts'

/** What a new container of the function has to pass before its version may go live, if anything. */
export function checkOf(manifest: Manifest, name: string): Check | undefined {
  const spec = own(manifest.functions, name)
  if (spec?.kind !== 'web') return manifest.check === name ? { call: name } : undefined
  const path = spec.check ?? (manifest.check?.startsWith('/') ? manifest.check : undefined)
  return path === undefined ? undefined : { path }
}

/** It is a gate and no measure of health: what is live must not fail to scale because something else is down. */
export function dueCheck(version: Version, name: string): Check | undefined {
  const isAhead = version.status === 'rolling' || version.status === 'staged'
  return isAhead ? checkOf(version.manifest, name) : undefined
}

export function hasCheck(manifest: Manifest): boolean {
  return Object.keys(manifest.functions).some((name) => checkOf(manifest, name) !== undefined)
}
