import { SluiceError } from '../protocol/errors.ts'
import type { FunctionSpec } from '../protocol/manifest.ts'
import { type AppKey, appLabel, DEFAULT_ENV } from '../protocol/names.ts'
import { nearest } from '../protocol/nearest.ts'
import { own } from '../protocol/own.ts'
import { type App, keyOf, type Version } from './model.ts'
import type { Needs } from './ports.ts'
import { hasStep, lastFault } from './steps.ts'

const NAMES_TO_COMPARE = 200

/** @throws SluiceError `app_not_found`, with the nearest name there is. */
export async function findApp(ports: Needs<'store'>, key: AppKey): Promise<App> {
  const app = await ports.store.app(key)
  if (app && app.collectedAt === undefined) return app
  const { items } = await ports.store.apps(key.env, { limit: NAMES_TO_COMPARE })
  const near = nearest(
    key.app,
    items.map((item) => item.app),
  )
  const option = key.env === DEFAULT_ENV ? '' : ` --env ${key.env}`
  const hint = near ? `Did you mean "${near}"?` : `See \`sluice app list${option}\` for those there are.`
  throw new SluiceError('app_not_found', `There is no app "${key.app}" in environment "${key.env}". ${hint}`)
}

/** @throws SluiceError `version_not_found`, which says how far the app has come. */
export async function findVersion(ports: Needs<'store'>, key: AppKey, number: number): Promise<Version> {
  const version = await ports.store.version(key, number)
  if (version) return version
  const app = await findApp(ports, key)
  const fault =
    number <= app.lastVersion
      ? `v${number} of ${appLabel(key)} was collected`
      : `${appLabel(key)} has no v${number}; ${extent(app)}`
  throw new SluiceError('version_not_found', `${fault}. See \`sluice app history ${appLabel(app)}\`.`)
}

const extent = ({ lastVersion }: App): string =>
  lastVersion === 1 ? 'its only version is v1' : `its versions go from v1 to v${lastVersion}`

/** The version as soon as its rollout has ended, or as it is after `waitMs` milliseconds. */
export async function awaitVersion(
  ports: Needs<'clock' | 'events' | 'store'>,
  key: AppKey,
  number: number,
  waitMs: number,
): Promise<Version> {
  const deadline = ports.clock.now() + waitMs
  const changes = ports.events.subscribe([`app:${key.env}/${key.app}`])
  try {
    for (;;) {
      const version = await findVersion(ports, key, number)
      const left = deadline - ports.clock.now()
      if (hasEnded(version) || left <= 0) {
        await ports.store.durable()
        return version
      }
      await changes.next(left)
    }
  } finally {
    changes.close()
  }
}

/** A version that is live or staged has ended its rollout once requests go there, too, or cannot. */
function hasEnded(version: Version): boolean {
  if (version.status === 'live')
    return hasStep(version, 'cutover', 'done') || lastFault(version) !== undefined
  if (version.status === 'staged')
    return hasStep(version, 'prepare', 'done') || lastFault(version) !== undefined
  return version.status !== 'rolling'
}

/** The version that serves the app now. @throws SluiceError where there is none. */
export async function findLive(ports: Needs<'store'>, key: AppKey): Promise<Version> {
  const app = await findApp(ports, key)
  if (app.state !== 'deployed') throw appStopped(app)
  if (app.liveVersion === undefined) {
    throw new SluiceError(
      'version_conflict',
      `${appLabel(key)} has no live version yet: v${app.lastVersion} is rolling out or failed. See \`sluice app history ${appLabel(app)}\`.`,
    )
  }
  return findVersion(ports, keyOf(app), app.liveVersion)
}

/** @throws SluiceError `function_not_found`, with the nearest name there is. */
export function findFunction(version: Version, name: string): FunctionSpec {
  const { functions } = version.manifest
  const spec = own(functions, name)
  if (spec) return spec
  const near = nearest(name, Object.keys(functions))
  const hint = near ? `Did you mean "${near}"?` : `It has ${Object.keys(functions).join(', ')}.`
  throw new SluiceError(
    'function_not_found',
    `${appLabel(version)} v${version.version} has no function "${name}". ${hint}`,
  )
}

export function appStopped(app: App): SluiceError {
  const what =
    app.state === 'stopping' ? 'is stopping. Once it is stopped, bring it back' : 'is stopped. Bring it back'
  return new SluiceError(
    'app_stopped',
    `${appLabel(app)} ${what} with \`sluice app start ${appLabel(app)}\`, or deploy it again.`,
  )
}
