import { kill, stopContainer } from '../../control/containers.ts'
import type { Container } from '../../control/model.ts'
import type { Ports } from '../../control/ports.ts'

/** What calls and requests in flight are given to end; calls that do not are run again after the next start. */
export const GRACE_MS = 5_000
const DEATH_MS = 5_000

/**
 * Ends every container: none takes a new call from here on, what they run has its grace, then they are killed.
 * @param closeIngress ends web requests within a grace of its own
 */
export async function windDown(
  ports: Ports,
  { closeIngress, graceMs }: { closeIngress: () => Promise<void>; graceMs: number },
): Promise<void> {
  const containers = await presentContainers(ports)
  for (const { id } of containers) {
    await stopContainer(ports, id, { graceful: true, by: 'the end of the control plane' })
  }
  await Promise.all([closeIngress(), untilIdle(ports, containers, graceMs)])
  await Promise.all(containers.map(({ id }) => kill(ports, id)))
  await until(ports, containers, DEATH_MS, async () => (await presentContainers(ports)).length === 0)
}

/** All that have not stopped. */
export async function presentContainers({ store }: Ports): Promise<Container[]> {
  return (await store.silentContainers(Number.MAX_SAFE_INTEGER)).silent
}

async function untilIdle(ports: Ports, containers: Container[], graceMs: number): Promise<void> {
  await until(ports, containers, graceMs, async () =>
    (await presentContainers(ports)).every(({ running }) => running === 0),
  )
}

/** Returns when the condition holds, or its time is up; looks whenever a container ends, or a call of one. */
async function until(
  ports: Ports,
  containers: Container[],
  ms: number,
  holds: () => Promise<boolean>,
): Promise<void> {
  const calls = (await Promise.all(containers.map(({ id }) => ports.store.runningCalls(id)))).flat()
  const changes = ports.events.subscribe([
    ...containers.map(({ id }) => `container:${id}` as const),
    ...calls.map(({ id }) => `call:${id}` as const),
  ])
  const deadline = ports.clock.now() + ms
  try {
    for (let left = ms; left > 0; left = deadline - ports.clock.now()) {
      if (await holds()) return
      await changes.next(left)
    }
  } finally {
    changes.close()
  }
}
