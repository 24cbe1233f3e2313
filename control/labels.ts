import { SluiceError } from '../protocol/errors.ts'
import type { FunctionSpec, Manifest } from '../protocol/manifest.ts'
import { type AppKey, appLabel, DEFAULT_ENV } from '../protocol/names.ts'
import type { Version } from './model.ts'
import type { Keys } from './ports.ts'
import type { EndpointOwner } from './store-port.ts'

const LONGEST = 63
const KEPT = 56
const HASH = 6

/**
 * The host name's first part for a web function: `<app>-<function>`, `<env>--<app>-<function>` outside the default
 * environment. One that is too long for a host name is cut, and told apart by a hash (the rule of Modal's guide, webhook-urls).
 */
export function labelOf(keys: Keys, key: AppKey, functionName: string, spec: FunctionSpec): string {
  if (spec.label) return spec.label
  const prefix = key.env === DEFAULT_ENV ? '' : `${key.env}--`
  return cut(keys.hash, `${prefix}${dashed(key.app)}-${dashed(functionName)}`)
}

/** Where the same function of a staged version is reached: no label of a live one holds `--v` and a number. */
export function stagedLabel(hash: Keys['hash'], label: string, version: number): string {
  return cut(hash, `${label}--v${version}`)
}

/** @param claimant the function that wanted it */
export function labelTaken(
  { label, owner }: { label: string; owner: EndpointOwner },
  claimant: string | undefined,
): SluiceError {
  return new SluiceError(
    'label_taken',
    `${claimant} cannot have the address "${label}": it is that of ${appLabel(owner)}'s ${owner.function}. Give ${claimant} another \`label\`.`,
  )
}

function cut(hash: Keys['hash'], whole: string): string {
  return whole.length <= LONGEST ? whole : `${whole.slice(0, KEPT)}-${hash(whole).slice(0, HASH)}`
}

/** Where the version is reached as what it is now, label → function. */
export function addressesOf(keys: Keys, version: Version): Map<string, string> {
  return version.status === 'staged'
    ? stagedLabelsOf(keys, version, version.manifest, version.version)
    : labelsOf(keys, version, version.manifest)
}

export function stagedLabelsOf(
  keys: Keys,
  key: AppKey,
  manifest: Manifest,
  version: number,
): Map<string, string> {
  const labels = [...labelsOf(keys, key, manifest)]
  return new Map(labels.map(([label, name]) => [stagedLabel(keys.hash, label, version), name]))
}

/** As `labelOf`, of a version that may be staged. */
export function addressOf(
  keys: Keys,
  version: Pick<Version, 'env' | 'app'> & Partial<Pick<Version, 'version' | 'status'>>,
  functionName: string,
  spec: FunctionSpec,
): string {
  const label = labelOf(keys, version, functionName, spec)
  const { status, version: number = 0 } = version
  return status === 'staged' ? stagedLabel(keys.hash, label, number) : label
}

/** The labels of staged versions, label → what it would be were its version live. */
export function aliasesOf(keys: Keys, versions: Version[]): Map<string, string> {
  return new Map(
    versions.flatMap((version) =>
      [...labelsOf(keys, version, version.manifest).keys()].map((label): [string, string] => [
        stagedLabel(keys.hash, label, version.version),
        label,
      ]),
    ),
  )
}

/** The labels of a manifest's web functions, label → function. @throws SluiceError where two of them share one. */
export function labelsOf(keys: Keys, key: AppKey, manifest: Manifest): Map<string, string> {
  const labels = new Map<string, string>()
  for (const [name, spec] of Object.entries(manifest.functions)) {
    if (spec.kind !== 'web') continue
    const label = labelOf(keys, key, name, spec)
    const other = labels.get(label)
    if (other !== undefined) {
      throw new SluiceError(
        'invalid_manifest',
        `${other} and ${name} would both answer at "${label}". Give one a \`label\`.`,
        [{ path: `manifest.functions.${name}.label`, message: `"${label}" is the address of ${other}` }],
      )
    }
    labels.set(label, name)
  }
  return labels
}

/** `fastapiApp` → `fastapi-app`; what a host name cannot hold becomes a dash. */
function dashed(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}
