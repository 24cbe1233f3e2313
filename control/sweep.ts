import { enqueue } from './calls.ts'
import { kill } from './containers.ts'
import { keyOf } from './model.ts'
import { BATCH, OVERDUE_MS, SILENCE_MS } from './policy.ts'
import type { Ports } from './ports.ts'

/** The tick: finds what no event told of. Dead containers that left no word, and calls whose hint was lost. */
export async function sweep(ports: Ports): Promise<void> {
  const now = ports.clock.now()
  if (now - ports.listeningSince >= SILENCE_MS) {
    for (const container of await ports.store.silentContainers(now - SILENCE_MS)) {
      await ports.store.drainContainer(container.id, {
        deadline: now,
        reason: `gave no sign of life for ${SILENCE_MS / 1000} s`,
      })
      await kill(ports, container.id)
    }
  }
  for (const call of await ports.store.overdueCalls(now - OVERDUE_MS, BATCH)) {
    await enqueue(ports, call)
    await ports.worklist.add(keyOf(call))
  }
}
