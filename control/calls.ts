import type { Payload } from '../protocol/calls.ts'
import { SluiceError } from '../protocol/errors.ts'
import type { FunctionSpec } from '../protocol/manifest.ts'
import { type AppKey, appLabel } from '../protocol/names.ts'
import { appStopped, findApp, findFunction, findLive, findVersion } from './find.ts'
import { canonical } from './manifest-hash.ts'
import { type Call, isTerminal, keyOf, NONE_LIVE, type Version } from './model.ts'
import type { Needs } from './ports.ts'

export type AcceptPorts = Needs<'clock' | 'ids' | 'keys' | 'queue' | 'store' | 'worklist'>

const MOVED_TRIES = 20

export interface CallRequest {
  key: AppKey
  function: string
  args: Payload
  source: 'api' | 'schedule'
  /** Who asks: a person's token, a container's `app.function`, or `schedule`. */
  by: string
  /** The call that it is made for, as the container says that ran it. */
  parent?: { call: string; container: string } | undefined
  idempotencyKey?: string | undefined
  /** The only version that may run it. */
  version?: number | undefined
}

/**
 * Accepts a call: from here on it reaches exactly one end. The same idempotency key gives the same call again.
 * @throws SluiceError where the app is stopped, or has no such function or version.
 */
export async function accept(ports: AcceptPorts, request: CallRequest): Promise<Call> {
  try {
    return await acceptAnew(ports, request)
  } catch (error) {
    const before = await acceptedBefore(ports, request)
    if (before) return before
    throw error
  }
}

async function acceptAnew(ports: AcceptPorts, request: CallRequest): Promise<Call> {
  const parent = request.parent && (await ownCall(ports, request.parent))
  for (let tries = 0; tries < MOVED_TRIES; tries++) {
    const { version, live } = await versionFor(ports, request)
    refuseUncallable(version, request.function)
    const accepted = await ports.store.acceptCall({
      ...keyOf(request.key),
      id: ports.ids.next('ca'),
      function: request.function,
      acceptedVersion: live,
      source: request.source,
      by: request.by,
      args: request.args,
      fingerprint: fingerprint(ports, request),
      createdAt: ports.clock.now(),
      ...(parent !== undefined && { parent }),
      ...(request.version !== undefined && { pin: request.version }),
      ...(request.idempotencyKey !== undefined && { idempotencyKey: request.idempotencyKey }),
    })
    switch (accepted.kind) {
      case 'accepted':
        await enqueue(ports, accepted.call)
        return accepted.call
      case 'duplicate':
        refuseOtherCall(accepted.call, request, fingerprint(ports, request))
        return accepted.call
      case 'moved':
        // A cutover or a stop came in between; look again.
        continue
    }
  }
  throw appStopped(await findApp(ports, request.key))
}

/** Which version is to run the call, and which one is live, if any. */
async function versionFor(
  ports: Needs<'store'>,
  { key, version: pin }: CallRequest,
): Promise<{ version: Version; live: number }> {
  if (pin === undefined) {
    const version = await findLive(ports, key)
    return { version, live: version.version }
  }
  const app = await findApp(ports, key)
  if (app.state !== 'deployed') throw appStopped(app)
  const version = await findVersion(ports, key, pin)
  refuseUnfitVersion(version)
  return { version, live: app.liveVersion ?? NONE_LIVE }
}

/** A repeat of a request whose answer was lost stands, whatever has become of the app since. */
async function acceptedBefore(
  ports: Needs<'keys' | 'store'>,
  request: CallRequest,
): Promise<Call | undefined> {
  if (request.idempotencyKey === undefined) return undefined
  const call = await ports.store.callByKey(request.key, request.idempotencyKey)
  if (call) refuseOtherCall(call, request, fingerprint(ports, request))
  return call
}

/** Lets a container know of a pending call, and the reconciler where none was waiting for it. */
export async function enqueue(ports: Needs<'queue' | 'worklist'>, call: Call): Promise<void> {
  const queue = { ...keyOf(call), function: call.function, ...(call.pin !== undefined && { pin: call.pin }) }
  const sent = await ports.queue.send(queue, call.id, call.availableAt)
  if (sent === 'waiting') await ports.worklist.add(keyOf(call), call.availableAt)
}

/**
 * @param env where given, those of others are as good as not there
 * @throws SluiceError `call_not_found`.
 */
export async function findCall(ports: Needs<'store'>, id: string, env?: string): Promise<Call> {
  const call = await ports.store.call(id)
  if (call && (env ?? call.env) === call.env) return call
  throw new SluiceError(
    'call_not_found',
    `There is no call "${id}". Its id is in the answer to the request that made it.`,
  )
}

/**
 * The call as soon as it has ended, or as it is after `waitMs`. Whoever is told of one that goes on has nothing but that word,
 * so it outlives a loss of power; whoever has the result need not wait for the disk.
 */
export async function awaitCall(
  ports: Needs<'clock' | 'events' | 'store'>,
  id: string,
  waitMs: number,
): Promise<Call> {
  const deadline = ports.clock.now() + waitMs
  const changes = ports.events.subscribe([`call:${id}`])
  try {
    for (;;) {
      const call = await findCall(ports, id)
      const left = deadline - ports.clock.now()
      if (isTerminal(call.status)) return call
      if (left <= 0) {
        await ports.store.durable()
        return call
      }
      await changes.next(left)
    }
  } finally {
    changes.close()
  }
}

/** Cancels a call; one that has ended stays as it is. A container that runs it is told to let go. */
export async function cancel(
  ports: Needs<'clock' | 'events' | 'store'>,
  id: string,
  why = 'The call was cancelled.',
): Promise<Call> {
  const before = await ports.store.cancelCall(id, ports.clock.now(), { name: 'Cancelled', message: why })
  if (before && !isTerminal(before.status)) {
    ports.events.publish(`call:${id}`)
    if (before.container) ports.events.publish(`container:${before.container}`)
    await ports.store.durable()
  }
  return findCall(ports, id)
}

function fingerprint(ports: Needs<'keys'>, request: CallRequest): string {
  const { function: name, args, version } = request
  return ports.keys.hash(canonical([name, 'json' in args ? args.json : args.blob, version ?? null]))
}

/**
 * The id of a call that ran in the container, whether or not it has ended. Another one is passed over: code that outlives
 * its call does not know that this was given to somebody else meanwhile, and what it asks for is to be done all the same.
 */
async function ownCall(
  { store }: Needs<'store'>,
  { call: id, container }: NonNullable<CallRequest['parent']>,
): Promise<string | undefined> {
  const call = await store.call(id)
  return call?.container === container ? id : undefined
}

/** What was staged or live once can be called for as long as it is kept: a call that runs there stays there. */
function refuseUnfitVersion(version: Version): void {
  if (version.liveAt !== undefined || version.staged) return
  throw new SluiceError(
    'version_conflict',
    `v${version.version} of ${appLabel(version)} never went live (it is ${version.status}), so it cannot be called.`,
  )
}

function refuseUncallable(version: Version, name: string): FunctionSpec {
  const spec = findFunction(version, name)
  if (spec.kind === 'web') {
    throw new SluiceError(
      'not_callable',
      `${name} is a web function. Send it an HTTP request; see \`sluice app describe ${appLabel(version)}\` for its URL.`,
    )
  }
  return spec
}

/** Not by its id: who may ask for a call by that may not be who made it. */
function refuseOtherCall(call: Call, request: CallRequest, asked: string): void {
  if (call.fingerprint === asked) return
  throw new SluiceError(
    'idempotency_conflict',
    `The idempotency key "${request.idempotencyKey}" belongs to another call of this app, of another function, version or with other arguments. Use a new key.`,
  )
}
