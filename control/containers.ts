import { SluiceError } from '../protocol/errors.ts'
import { containerEntry } from './audit.ts'
import { type Container, type ContainerFailure, keyOf } from './model.ts'
import { releaseLost } from './outcomes.ts'
import { DRAIN_GRACE_MS, ERROR_LOG_LINES } from './policy.ts'
import type { Needs } from './ports.ts'
import { CONTAINER_EVENTS, containerTold, isTold } from './story.ts'

export type KillPorts = Needs<
  'clock' | 'compute' | 'events' | 'logs' | 'outbox' | 'queue' | 'store' | 'worklist'
>

/** How a container's process ended, as far as the platform knows. */
export interface ProcessExit {
  code?: number | undefined
  signal?: string | undefined
  /** The platform's own words, where they say more than a code. */
  reason?: string | undefined
}

/**
 * @param env where given, those of others are as good as not there
 * @throws SluiceError `container_not_found`.
 */
export async function findContainer(ports: Needs<'store'>, id: string, env?: string): Promise<Container> {
  const container = await ports.store.container(id)
  if (container && (env ?? container.env) === container.env) return container
  throw new SluiceError(
    'container_not_found',
    `There is no container "${id}". See \`sluice container list APP\`.`,
  )
}

/** Has a container finish what it does and exit, or kills it: what it ran then runs again elsewhere. */
export async function stopContainer(
  ports: KillPorts & Needs<'ids'>,
  id: string,
  { graceful, by }: { graceful: boolean; by: string },
): Promise<Container> {
  const container = await findContainer(ports, id)
  if (container.state === 'stopped') return container
  const at = ports.clock.now()
  const version = await ports.store.version(container, container.version)
  const timeout = version?.manifest.functions[container.function]?.timeout ?? 0
  const deadline = graceful ? at + timeout * 1000 + DRAIN_GRACE_MS : at
  const reason = `stopped by ${by}`
  await ports.logs.write(keyOf(container), [
    containerTold(container, 'drains', `takes nothing new: ${reason}`, at),
  ])
  const entry = containerEntry(ports, container, { by, after: graceful ? 'draining' : 'stopped' })
  const begun = await ports.store.drainContainer(id, { deadline, reason, at }, entry)
  // It drained anyhow, and now somebody ends that.
  if (!begun && !graceful) await ports.store.recordEntry(entry)
  ports.events.publish(`container:${id}`)
  await ports.worklist.add(keyOf(container))
  if (!graceful) await kill(ports, id)
  return findContainer(ports, id)
}

/** Kills the container's process; its exit is told by the platform, or here where there is none to wait for. */
export async function kill(ports: KillPorts, id: string): Promise<void> {
  if ((await ports.compute.stop(id)) === 'gone') await containerExited(ports, id, {})
}

/** Ends a start that takes too long; one that has become ready since it was looked at may have been given work, and stays. */
export async function abandon(
  ports: KillPorts,
  { container, failure }: { container: Container; failure: ContainerFailure },
  at: number,
): Promise<void> {
  const { id } = container
  const failedStart = { ...failure, logs: await lastLines(ports, container) }
  const drain = { deadline: at, reason: failure.message, at, failedStart }
  const isBegun = await ports.store.drainContainer(id, drain)
  if (!isBegun && (await ports.store.container(id))?.readyAt !== undefined) return
  await kill(ports, id)
}

/**
 * Sees to what a dead container leaves: its calls run again elsewhere, and if it died unasked its last words are kept.
 * Whoever sees the death first does it; doing it again changes nothing.
 */
export async function containerExited(
  ports: Needs<'clock' | 'events' | 'logs' | 'outbox' | 'queue' | 'store' | 'worklist'>,
  id: string,
  exit: ProcessExit,
): Promise<void> {
  const before = await ports.store.container(id)
  if (!before || before.state === 'stopped') return
  const at = ports.clock.now()
  // First the fence: a request of it that is still held must claim nothing more.
  await ports.store.drainContainer(id, { deadline: at, reason: describe(exit), at })
  if (before.state !== 'draining') {
    if (!before.failure) await ports.store.containerFailed(id, await failureOf(ports, before, exit))
  }
  for (const call of await ports.store.runningCalls(id)) {
    await releaseLost(ports, call, { name: 'Lost', message: `The container that ran it ${describe(exit)}.` })
  }
  await ports.logs.write(keyOf(before), [containerTold(before, 'stopped', describe(exit), at)])
  await ports.store.containerStopped(id, describe(exit), at)
  ports.events.publish(`container:${id}`)
  await ports.worklist.add(keyOf(before))
}

function describe({ code, signal, reason }: ProcessExit): string {
  if (reason !== undefined) return `ended: ${reason}`
  if (signal !== undefined) return `was killed (${signal})`
  return code === undefined ? 'is gone' : `exited with code ${code}`
}

async function failureOf(
  ports: Needs<'logs'>,
  container: Container,
  exit: ProcessExit,
): Promise<ContainerFailure> {
  const logs = await lastLines(ports, container)
  return container.readyAt === undefined
    ? { kind: 'start', message: `The container ${describe(exit)} before it was ready.`, logs }
    : { kind: 'crash', message: `The container ${describe(exit)}.`, logs }
}

/** The last lines that the container itself wrote. */
export async function lastLines(ports: Needs<'logs'>, container: Container): Promise<string[]> {
  const tail = ERROR_LOG_LINES + CONTAINER_EVENTS
  const lines: string[] = []
  const query = { ...keyOf(container), container: container.id, tail, follow: false }
  for await (const line of ports.logs.read(query)) if (!isTold(container, line)) lines.push(line.line)
  return lines.slice(-ERROR_LOG_LINES)
}
