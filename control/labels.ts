import { SluiceError } from '../protocol/errors.ts'
import type { FunctionSpec, Manifest } from '../protocol/manifest.ts'
import { type AppKey, DEFAULT_ENV } from '../protocol/names.ts'
import type { Keys } from './ports.ts'

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
  const whole = `${prefix}${dashed(key.app)}-${dashed(functionName)}`
  return whole.length <= LONGEST ? whole : `${whole.slice(0, KEPT)}-${keys.hash(whole).slice(0, HASH)}`
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
