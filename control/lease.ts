import { SluiceError } from '../protocol/errors.ts'
import { type AppKey, appLabel } from '../protocol/names.ts'
import type { Effect } from './action.ts'
import { auditEntry, ITSELF } from './audit.ts'
import { appStopped, findApp } from './find.ts'
import { type App, keyOf } from './model.ts'
import { STOP_GRACE_MS } from './policy.ts'
import type { Needs } from './ports.ts'

/** What somebody tries out lives for as long as they say so: the lease ends by itself, whatever became of them. */

/**
 * Has an ephemeral app live for so much longer.
 * @returns until when, milliseconds since the epoch
 * @throws SluiceError where it is not deployed, or not ephemeral
 */
export async function keepAlive(
  ports: Needs<'clock' | 'store'>,
  key: AppKey,
  seconds: number,
): Promise<number> {
  const renewed = await ports.store.renewLease(key, ports.clock.now() + seconds * 1000)
  const app = renewed && renewed.collectedAt === undefined ? renewed : await findApp(ports, key)
  if (app.leaseUntil === undefined) throw notEphemeral(app)
  if (app.state !== 'deployed') throw appStopped(app)
  return app.leaseUntil
}

/**
 * Keeps apart what is deployed and what is tried out, which goes away by itself, with all that it ever was.
 * @throws SluiceError `name_in_use`
 */
export function refuseOtherKind(app: App | undefined, isEphemeral: boolean): void {
  if (!app || app.collectedAt !== undefined) return
  const name = appLabel(app)
  if (isEphemeral && app.leaseUntil === undefined) {
    throw new SluiceError(
      'name_in_use',
      `${name} is an app that was deployed to stay, with a history to keep. Use another name with --name.`,
    )
  }
  if (!isEphemeral && app.leaseUntil !== undefined && app.state !== 'stopped') {
    throw new SluiceError(
      'name_in_use',
      `${name} is served for as long as somebody tries it out. Stop it with \`sluice app stop ${name}\`, or deploy under another name with --name.`,
    )
  }
}

/** Stops an app whose lease has ended, unless that was renewed meanwhile. */
export async function expire(
  ports: Needs<'clock' | 'ids' | 'store'> & { events: { publish(topic: `app:${string}`): void } },
  key: AppKey,
): Promise<Effect> {
  const at = ports.clock.now()
  const reason = 'nobody kept it alive any longer'
  const entry = auditEntry(ports, { ...keyOf(key), action: 'app.stopping', by: ITSELF, reason })
  const wish = { at, deadline: at + STOP_GRACE_MS, by: ITSELF, reason, isExpiry: true } as const
  await ports.store.beginStop(key, wish, entry)
  ports.events.publish(`app:${key.env}/${key.app}`)
  return 'changed'
}

function notEphemeral(app: App): SluiceError {
  return new SluiceError(
    'not_ephemeral',
    `${appLabel(app)} was deployed to stay, so it needs nobody to keep it alive.`,
  )
}
