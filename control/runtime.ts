import { SluiceError } from '../protocol/errors.ts'
import { filesOf } from '../protocol/mounts.ts'
import type {
  BootResponse,
  Directive,
  ExitRequest,
  HeartbeatRequest,
  HeartbeatResponse,
  NextRequest,
  NextResponse,
  UploadResponse,
} from '../protocol/runtime.ts'
import { STARTUP_TIMEOUT } from '../protocol/startup-timeout.ts'
import { slotOf } from '../protocol/usage.ts'
import { keepBlob } from './blobs.ts'
import { dueCheck } from './gate.ts'
import { seeToGivenCalls } from './given-calls.ts'
import { claim, giveBack, queuesOf } from './inputs.ts'
import { type Container, type ContainerFailure, keyOf, type Version } from './model.ts'
import { recordOutcome } from './outcomes.ts'
import type { Ingress, Needs, Secrets } from './ports.ts'
import { containerSecrets } from './secret-pins.ts'

export type RuntimePorts = Needs<
  | 'blobs'
  | 'clock'
  | 'events'
  | 'heartbeatMs'
  | 'holdMs'
  | 'ids'
  | 'keys'
  | 'listeningSince'
  | 'outbox'
  | 'overrunMs'
  | 'queue'
  | 'reportMs'
  | 'store'
  | 'worklist'
> & { ingress: Pick<Ingress, 'isReleased'>; secrets: Pick<Secrets, 'get'> }

/** What a container asks of the control plane. Each throws `container_gone` for one that is not known any more. */

export async function boot(
  ports: Needs<'blobs' | 'keys' | 'reportMs' | 'store'> & Pick<RuntimePorts, 'secrets'>,
  id: string,
): Promise<BootResponse> {
  const container = await present(ports, id)
  const version = await ports.store.version(container, container.version)
  const spec = version?.manifest.functions[container.function]
  if (!version || !spec) throw gone(id)
  const { bundle } = version.manifest
  const files = await Promise.all(
    filesOf(bundle, spec.mounts).map(async (file) => ({
      path: file.path,
      sha256: file.sha256,
      size: file.size,
      url: await ports.blobs.downloadUrl(file.sha256),
    })),
  )
  return {
    ...keyOf(container),
    function: container.function,
    version: container.version,
    spec,
    files,
    entry: bundle.code.path,
    signingKey: ports.keys.mac(`function:${container.env}/${container.app}/${container.function}`),
    reportEvery: ports.reportMs / 1000,
    secrets: await containerSecrets(ports, container, version, spec),
    ...(version.status === 'staged' && { pinned: true }),
    ...checkFor(version, container.function),
  }
}

function checkFor(version: Version, name: string): Pick<BootResponse, 'check'> {
  const check = dueCheck(version, name)
  return check ? { check } : {}
}

export async function ready(
  ports: Needs<'clock' | 'store' | 'worklist'>,
  id: string,
  body: { address?: string | undefined },
): Promise<{ directive: Directive }> {
  await present(ports, id)
  const container = await ports.store.containerReady(id, body.address, ports.clock.now())
  if (!container) throw gone(id)
  await ports.worklist.add(keyOf(container))
  return { directive: container.state === 'draining' ? 'drain' : 'work' }
}

/**
 * Takes the outcomes of what the container has finished, and gives it what it may do next. With nothing to give, the
 * answer comes late where requests can be held, and says where to wait where not.
 */
export async function next(ports: RuntimePorts, id: string, body: NextRequest): Promise<NextResponse> {
  for (const completion of body.completed) await recordOutcome(ports, id, completion)
  const deadline = ports.clock.now() + ports.holdMs
  const word = ports.events.subscribe([`container:${id}`])
  let wake = body.wake
  try {
    for (;;) {
      const container = await present(ports, id)
      const directive = await directiveFor(ports, container, container.requests)
      if (directive !== 'work' || body.free === 0) {
        if (wake !== undefined) await giveBack(ports, container, wake)
        return { inputs: [], directive }
      }
      const left = deadline - ports.clock.now()
      const received = await ports.queue.receive({
        queues: await queuesOf(ports, container),
        max: body.free,
        wake,
        holdMs: Math.max(0, left),
        interrupted: word.next(Math.max(0, left)).then(() => undefined),
      })
      wake = undefined
      const { inputs, stale } = await claim(ports, container, received.hints)
      // Hints of calls that somebody else has, or that have ended, must not hide the next one.
      if (inputs.length === 0 && stale) continue
      if (inputs.length > 0 || left <= 0 || received.waitAt) {
        return { inputs, directive, ...(received.waitAt && { waitAt: received.waitAt }) }
      }
    }
  } finally {
    word.close()
  }
}

/** Notes that the container lives. What it need not do any more is told at once, else late where requests can be held. */
export async function heartbeat(
  ports: RuntimePorts,
  id: string,
  body: HeartbeatRequest,
): Promise<HeartbeatResponse> {
  // A report that was not answered is sent again, so it is answered at once.
  const holdMs = body.stats ? 0 : Math.min(ports.holdMs, ports.heartbeatMs)
  const deadline = ports.clock.now() + holdMs
  const word = ports.events.subscribe([`container:${id}`])
  try {
    const before = await present(ports, id)
    await noteLife(ports, before, body)
    if (before.requests !== body.requests) await ports.worklist.add(keyOf(before))
    await seeToGivenCalls(ports, before, new Set(body.running))
    for (let isTold = false; ; ) {
      const container = await present(ports, id)
      const directive = await directiveFor(ports, container, body.requests)
      const revoked = await revokedOf(ports, id, body.running)
      const news = revoked.length > 0 || directive === 'exit' || (directive === 'drain' && !body.draining)
      const left = deadline - ports.clock.now()
      if (news || isTold || left <= 0)
        return { directive, revoked, after: ports.holdMs > 0 ? 0 : ports.heartbeatMs / 1000 }
      // A word may be about a call that began since the container said what it runs: it is to say so anew.
      isTold = await word.next(left)
    }
  } finally {
    word.close()
  }
}

async function noteLife(
  ports: Needs<'clock' | 'store'>,
  container: Container,
  { requests, stats }: HeartbeatRequest,
): Promise<void> {
  const now = ports.clock.now()
  if (stats) {
    // Clocks differ: it did nothing before it was there, and nothing that is still to come.
    const at = Math.max(container.startedAt, Math.min(stats.at, now))
    if (await ports.store.containerReported(container, requests, now, { ...stats, at: slotOf(at) })) return
  }
  await ports.store.containerSeen(container.id, requests, now)
}

/** Remembers why the container cannot go on. Its process ends by itself. */
export async function exit(ports: Needs<'store'>, id: string, body: ExitRequest): Promise<void> {
  const container = await present(ports, id)
  const { name, message: words, stack } = body.error
  const kind = failureOf(body, container)
  const message = stack ?? (kind === 'check' || kind === 'timeout' ? words : `${name}: ${words}`)
  await ports.store.containerFailed(id, { kind, message, logs: body.logs })
}

function failureOf({ error, check }: ExitRequest, { readyAt }: Container): ContainerFailure['kind'] {
  if (check) return 'check'
  if (readyAt !== undefined) return 'crash'
  return error.name === STARTUP_TIMEOUT && error.stack === undefined ? 'timeout' : 'start'
}

/** Where to put a large result, unless it is stored already. */
export async function upload(
  ports: Needs<'blobs' | 'clock' | 'store'>,
  body: { sha256: string },
): Promise<UploadResponse> {
  if (await keepBlob(ports, body.sha256)) return {}
  const { url, headers } = await ports.blobs.uploadUrl(body.sha256)
  return { uploadUrl: url, ...(headers && { headers }) }
}

async function present(ports: Needs<'store'>, id: string): Promise<Container> {
  const container = await ports.store.container(id)
  if (!container || container.state === 'stopped') throw gone(id)
  return container
}

function gone(id: string): SluiceError {
  return new SluiceError(
    'container_gone',
    `The container ${id} is stopped or was never there. It should exit.`,
  )
}

/** A container may go once it drains, runs nothing, and no request is in it or on its way to it. */
async function directiveFor(
  ports: { ingress: Pick<Ingress, 'isReleased'> },
  container: Container,
  requests: number,
): Promise<Directive> {
  if (container.state !== 'draining') return 'work'
  const idle = container.running === 0 && requests === 0
  return idle && (await ports.ingress.isReleased(container.id)) ? 'exit' : 'drain'
}

async function revokedOf(ports: Needs<'store'>, id: string, running: string[]): Promise<string[]> {
  if (running.length === 0) return []
  const valid = new Set((await ports.store.runningCalls(id)).map((call) => call.lease))
  return running.filter((lease) => !valid.has(lease))
}
