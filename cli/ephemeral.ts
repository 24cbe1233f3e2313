import { userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { VersionView } from '../protocol/api.ts'
import { HttpError } from '../protocol/http.ts'
import type { ManifestInput } from '../protocol/manifest.ts'
import type { Api } from '../sdk/api.ts'
import { clientName } from '../sdk/deploy/package.ts'
import type { Prepared } from '../sdk/deploy/prepare.ts'
import { announce, follow } from '../sdk/deploy/rollout.ts'
import { upload } from '../sdk/deploy/upload.ts'

const LONGEST_NAME = 64
const LONGEST_LABEL = 63
/** How often an app is kept alive during one lease, so that one lost request does no harm. */
const BEATS = 3

/** Where to find an ephemeral app, and how long it outlives whoever made it. */
export interface Ephemeral {
  app: string
  env: string | undefined
  leaseSeconds: number
}

/** What tells one's own app from those of others who try out the same: `dev-ann`. */
export function personalSuffix(): string {
  const name = userInfo()
    .username.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return name === '' ? 'dev' : `dev-${name}`
}

/** `shop` → `shop-dev-ann`, cut before the suffix where that is too long for a name. */
export function suffixed(name: string, suffix: string, longest = LONGEST_NAME): string {
  return `${name.slice(0, longest - suffix.length - 1).replace(/[-.]+$/, '')}-${suffix}`
}

/** The same app under another name. A label of the author's own belongs to the app that is deployed to stay. */
export function renamed(prepared: Prepared, app: string, suffix: string): Prepared {
  const functions = Object.entries(prepared.manifest.functions).map(
    ([name, { label, ...spec }]): [string, ManifestInput['functions'][string]] => [
      name,
      { ...spec, ...(label !== undefined && { label: suffixed(label, suffix, LONGEST_LABEL) }) },
    ],
  )
  return { ...prepared, manifest: { ...prepared.manifest, app, functions: Object.fromEntries(functions) } }
}

/**
 * Uploads and deploys what lives for a time only.
 * @param onBegun told once the app is one's own: before that, it may be somebody else's
 * @returns the version once its rollout has ended
 */
export async function deployEphemeral(
  api: Api,
  prepared: Prepared,
  { env, leaseSeconds }: Ephemeral,
  onBegun: () => void,
): Promise<VersionView> {
  await upload(api, prepared.contents, env)
  const begun = await announce(api, prepared, {
    env,
    client: clientName('cli'),
    ephemeral: { seconds: leaseSeconds },
  })
  onBegun()
  return begun.unchanged ? begun : follow(api, begun)
}

/** Keeps the app alive until it is aborted. @param onLost told where the app is gone all the same */
export async function keepAlive(
  api: Api,
  { app, env, leaseSeconds }: Ephemeral,
  signal: AbortSignal,
  onLost: () => void = () => {},
): Promise<void> {
  const request = { params: { app }, query: { env }, body: { seconds: leaseSeconds } }
  while (!signal.aborted) {
    await sleep((leaseSeconds * 1000) / BEATS, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    await api.send('keepAlive', request).catch((error) => {
      if (error instanceof HttpError && error.status < 500) onLost()
    })
  }
}

/** Ends the app. It may have ended by itself. */
export async function endEphemeral(api: Api, { app, env }: Ephemeral, reason: string): Promise<void> {
  const request = { params: { app }, query: { env }, body: { reason, client: clientName('cli') } }
  await api.send('stop', request).catch((error) => {
    if (!(error instanceof HttpError)) throw error
  })
}
