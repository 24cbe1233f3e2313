import type { Difference, FieldChange, Pool, SecretPin } from '../protocol/changes.ts'
import type { FunctionSpec, Manifest } from '../protocol/manifest.ts'
import type { MountedFile } from '../protocol/mounts.ts'
import { own } from '../protocol/own.ts'
import { canonical } from './manifest-hash.ts'
import type { SecretVersions } from './secret-pins.ts'

/** What has a list of its own, or is told as an address. */
const TOLD_APART = [
  'schedule',
  'label',
  'secrets',
  'minContainers',
  'maxContainers',
  'bufferContainers',
  'scaledownWindow',
  'authored',
]
/** Settings of settings, told one by one. */
const NESTED = ['env', 'retries', 'tags']

/** What is deployed, or would be. */
export interface Deployment {
  manifest: Manifest
  secretVersions?: SecretVersions
}

/** What differs between two deployments, by the functions' names, the secrets' versions and the files' paths and contents. */
export function difference(from: Deployment | undefined, to: Deployment): Difference {
  const [before, after] = [from?.manifest, to.manifest]
  const names = new Set([...Object.keys(after.functions), ...Object.keys(before?.functions ?? {})])
  const pairs = [...names].map((name) => ({
    name,
    old: own(before?.functions, name),
    next: own(after.functions, name),
  }))
  return {
    settings: before ? fieldChanges(settingsOf(before), settingsOf(after)) : [],
    functions: pairs.flatMap(functionChange),
    schedules: pairs.flatMap(({ name, old, next }) => changed(name, old?.schedule, next?.schedule)),
    pools: pairs.flatMap(({ name, old, next }) => changed(name, poolOf(old), poolOf(next))),
    secrets: pairs.flatMap(({ name, old, next }) =>
      changed(name, secretsOf(old, from?.secretVersions), secretsOf(next, to.secretVersions)).map(
        ({ before = [], after = [] }) => ({
          function: name,
          before,
          after,
        }),
      ),
    ),
    files: fileChanges(before, after),
  }
}

/** Whether there is anything in it. */
export const isEmpty = (found: Difference): boolean => Object.values(found).every((list) => list.length === 0)

function functionChange({
  name,
  old,
  next,
}: {
  name: string
  old: FunctionSpec | undefined
  next: FunctionSpec | undefined
}): Difference['functions'] {
  if (!old) return [{ name, change: 'added', fields: [] }]
  if (!next) return [{ name, change: 'removed', fields: [] }]
  if (canonical(old) === canonical(next)) return []
  return [{ name, change: 'changed', fields: fieldChanges(told(old), told(next)).filter(isToldHere) }]
}

/** With its mounts in words: what is in them is a list of files. */
const told = ({ mounts, ...spec }: FunctionSpec): object => ({
  ...spec,
  mounts: mounts.map(({ at, source }) => `${source} at ${at}`),
})

const isToldHere = ({ field }: FieldChange): boolean => !TOLD_APART.includes(field)

function fieldChanges(before: object, after: object): FieldChange[] {
  const [old, next] = [flat(before), flat(after)]
  const fields = [...new Set([...old.keys(), ...next.keys()])].sort()
  return fields.flatMap((field) =>
    changed(field, old.get(field), next.get(field)).map(({ function: _, ...pair }) => ({ field, ...pair })),
  )
}

function flat(settings: object): Map<string, unknown> {
  const entries = Object.entries(settings).flatMap(([field, value]): [string, unknown][] =>
    NESTED.includes(field) && typeof value === 'object' && value !== null
      ? Object.entries(value).map(([inner, set]) => [`${field}.${inner}`, set])
      : [[field, value]],
  )
  return new Map(entries)
}

/** Everything of an app but its name, its code and its functions. */
function settingsOf({ app, bundle, functions, ...settings }: Manifest): object {
  return settings
}

function poolOf(spec: FunctionSpec | undefined): Pool | undefined {
  if (!spec) return undefined
  const { minContainers, maxContainers, bufferContainers, scaledownWindow } = spec
  return { minContainers, maxContainers, bufferContainers, scaledownWindow }
}

/** Their order tells which one wins. */
function secretsOf(spec: FunctionSpec | undefined, versions: SecretVersions): SecretPin[] | undefined {
  const names = spec?.secrets ?? []
  if (names.length === 0) return undefined
  return names.map((name) => {
    const version = own(versions, name)
    return { name, ...(version !== undefined && { version }) }
  })
}

function fileChanges(before: Manifest | undefined, after: Manifest): Difference['files'] {
  const [old, next] = [filesOf(before), filesOf(after)]
  const paths = [...new Set([...old.keys(), ...next.keys()])].sort()
  return paths.flatMap((path) => {
    const gone = [...(old.get(path)?.values() ?? [])].filter(({ sha256 }) => !next.get(path)?.has(sha256))
    const come = [...(next.get(path)?.values() ?? [])].filter(({ sha256 }) => !old.get(path)?.has(sha256))
    // Two functions may have different files at one path.
    return Array.from({ length: Math.max(gone.length, come.length) }, (_, i) => ({
      path,
      ...pairOf(gone[i], come[i]),
    }))
  })
}

type Content = Pick<MountedFile, 'sha256' | 'size'>

/** Contents by path, then by hash. */
function filesOf(manifest: Manifest | undefined): Map<string, Map<string, Content>> {
  const files = new Map<string, Map<string, Content>>()
  if (!manifest) return files
  const add = (path: string, { sha256, size }: Content) => {
    const contents = files.get(path) ?? new Map<string, Content>()
    files.set(path, contents.set(sha256, { sha256, size }))
  }
  const { code, map } = manifest.bundle
  for (const file of [code, ...(map ? [map] : [])]) add(file.path, file)
  for (const { mounts } of Object.values(manifest.functions)) {
    for (const { at, files: mounted } of mounts) for (const file of mounted) add(`${at}/${file.path}`, file)
  }
  return files
}

interface Pair<Value> {
  before?: Value
  after?: Value
}

/** The pair in a list of its own, or nothing where both are the same. */
function changed<Value>(
  name: string,
  before: Value | undefined,
  after: Value | undefined,
): (Pair<Value> & { function: string })[] {
  if (canonical(before ?? null) === canonical(after ?? null)) return []
  return [{ function: name, ...pairOf(before, after) }]
}

const pairOf = <Value>(before: Value | undefined, after: Value | undefined): Pair<Value> => ({
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
})
