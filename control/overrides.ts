import type { AutoscalerPatch, EndedOverride, Overrides } from '../protocol/autoscaler.ts'
import type { FunctionSpec, Manifest } from '../protocol/manifest.ts'
import { own } from '../protocol/own.ts'
import { AUTOSCALER_FIELDS, type AutoscalerField } from '../protocol/scaling.ts'
import type { App, Version } from './model.ts'

/** Overrides of the autoscaler, by function. */
export type OverridesByFunction = Record<string, Overrides>
/** Fields whose overrides end with a version, by function; of a function that is not here, all do. */
export type Endings = Record<string, AutoscalerField[]>

/** The overrides of an app after one function's were changed; undefined where none are left. */
export function patched(
  all: OverridesByFunction | undefined,
  name: string,
  patch: AutoscalerPatch,
): OverridesByFunction | undefined {
  return tidy({ ...all, [name]: merged(own(all, name), patch) })
}

export function merged(before: Overrides | undefined, patch: AutoscalerPatch): Overrides {
  const after: Overrides = {}
  for (const field of AUTOSCALER_FIELDS) {
    const value = patch[field] === undefined ? before?.[field] : patch[field]
    if (value !== undefined && value !== null) after[field] = value
  }
  return after
}

/** The overrides that are left once these have ended. */
export function outlasting(
  all: OverridesByFunction | undefined,
  endings: Endings | undefined,
): OverridesByFunction | undefined {
  if (!all || !endings) return all
  const left = Object.entries(all).flatMap(([name, overrides]) => {
    const ended = own(endings, name)
    return ended ? [[name, without(overrides, ended)] as const] : []
  })
  return tidy(Object.fromEntries(left))
}

/**
 * What ends as the version goes live: what its manifest sets itself. The same version again, be it in fresh containers
 * or after a stop, is no word of its author's, and ends nothing.
 */
export function endingsOf({ origin, manifest }: Pick<Version, 'origin' | 'manifest'>): Endings | undefined {
  if (origin === 'rollover' || origin === 'start') return undefined
  return Object.fromEntries(
    Object.entries(manifest.functions).map(([name, spec]) => [name, authoredOf(spec)]),
  )
}

/** The overrides of the app that end as the version goes live, and what comes in their place. */
export function endedOverrides(
  app: Pick<App, 'autoscaler'>,
  version: Pick<Version, 'origin' | 'manifest'>,
): EndedOverride[] {
  const endings = endingsOf(version) ?? {}
  return Object.entries(app.autoscaler ?? {}).flatMap(([name, overrides]) =>
    (own(endings, name) ?? []).flatMap((field) => {
      const before = overrides[field]
      const after = own(version.manifest.functions, name)?.[field]
      return before === undefined || after === undefined ? [] : [{ function: name, field, before, after }]
    }),
  )
}

/** The manifest as it is to be run: the overrides in place of what the author wrote. */
export function overridden(manifest: Manifest, all: OverridesByFunction | undefined): Manifest {
  if (!all) return manifest
  const functions = Object.entries(manifest.functions).map(([name, spec]): [string, FunctionSpec] => {
    const overrides = own(all, name)
    return [name, overrides ? effective(spec, overrides) : spec]
  })
  return { ...manifest, functions: Object.fromEntries(functions) }
}

/** A version that is, or will be, live, as it is to be run. */
export function inEffect(app: Pick<App, 'autoscaler' | 'liveVersion'>, version: Version): Version {
  if (!app.autoscaler) return version
  const endings = version.version === app.liveVersion ? undefined : endingsOf(version)
  return { ...version, manifest: overridden(version.manifest, outlasting(app.autoscaler, endings)) }
}

/** The most containers that there may be is the stronger word, where a deploy came between the two. */
export function effective(spec: FunctionSpec, overrides: Overrides): FunctionSpec {
  const set = { ...spec, ...overrides }
  return { ...set, minContainers: Math.min(set.minContainers, set.maxContainers) }
}

/** Manifests that were stored before this was noted have none. */
export const authoredOf = (spec: FunctionSpec): AutoscalerField[] => spec.authored ?? []

function without(overrides: Overrides, ended: AutoscalerField[]): Overrides {
  return Object.fromEntries(
    Object.entries(overrides).filter(([field]) => !ended.includes(field as AutoscalerField)),
  )
}

function tidy(all: OverridesByFunction): OverridesByFunction | undefined {
  const left = Object.entries(all).filter(([, overrides]) => Object.keys(overrides).length > 0)
  return left.length > 0 ? Object.fromEntries(left) : undefined
}
