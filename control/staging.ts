import { SluiceError } from '../protocol/errors.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { type AppKey, appLabel } from '../protocol/names.ts'
import { labelsOf, labelTaken } from './labels.ts'
import type { App, Version } from './model.ts'
import type { Needs } from './ports.ts'

/** Each web function of each has an address, a rule and a target group of its own, of which there are not many. */
const MOST_STAGED = 5

export async function newestStaged(ports: Needs<'store'>, app: App): Promise<Version | undefined> {
  const newest = app.staged?.at(-1)
  return newest === undefined ? undefined : ports.store.version(app, newest)
}

/**
 * What would keep the version from ever being promoted is better known before.
 * @throws SluiceError where too many are staged, or an address that it would have once it is live is another app's
 */
export async function refuseStaging(
  ports: Needs<'keys' | 'store'>,
  key: AppKey,
  manifest: Manifest,
  app: App | undefined,
): Promise<void> {
  const { staged = [] } = app ?? {}
  if (staged.length >= MOST_STAGED) {
    const names = staged.map((version) => `v${version}`).join(', ')
    throw new SluiceError(
      'version_conflict',
      `${appLabel(key)} has ${staged.length} staged versions (${names}), which is as many as it can have. Promote one, or give one up with \`sluice app unstage\`.`,
    )
  }
  for (const [label, name] of labelsOf(ports.keys, key, manifest)) {
    const owner = await ports.store.label(label)
    if (owner && (owner.env !== key.env || owner.app !== key.app)) throw labelTaken({ label, owner }, name)
  }
}
