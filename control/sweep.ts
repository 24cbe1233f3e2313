import { enqueue } from './calls.ts'
import { type KillPorts, kill } from './containers.ts'
import { seeToMissedFirings } from './missed-firings.ts'
import { keyOf } from './model.ts'
import { BATCH, OVERDUE_MS } from './policy.ts'
import type { Needs } from './ports.ts'
import type { FiringPorts } from './schedules.ts'
import { containerTold } from './story.ts'

export type SweepPorts = KillPorts &
  FiringPorts &
  Needs<'hearing' | 'launchMs' | 'listeningSince' | 'silenceMs'>

/**
 * The tick: finds what no event told of. Dead containers that left no word, calls and notices whose hint was
 * lost, and slots of schedules that did not fire. What fails holds up none of the rest.
 * @throws the first fault, once all has been seen to
 */
export async function sweep(ports: SweepPorts): Promise<void> {
  const faults: unknown[] = []
  for (const see of [seeToSilentContainers, seeToOverdueCalls, seeToMissedFirings, seeToDueErrands])
    await see(ports).catch((error: unknown) => faults.push(error))
  if (faults.length > 0) throw faults[0]
}

async function seeToSilentContainers(ports: SweepPorts): Promise<void> {
  const now = ports.clock.now()
  const { silenceMs, launchMs, listeningSince, hearing } = ports
  if (now - listeningSince < silenceMs) return
  const { silent, heardAt } = await ports.store.silentContainers(now - silenceMs)
  if (hearing?.isBelievable(now, heardAt) === false) return
  for (const container of silent) {
    // One that has never been heard of may still be on its way.
    if (container.readyAt === undefined && now - container.seenAt < silenceMs + launchMs) continue
    const reason = `gave no sign of life for ${silenceMs / 1000} s`
    const { id, seenAt } = container
    const isFenced = await ports.store.drainContainer(id, { deadline: now, reason, at: now, seenAt })
    // One that drained before is not fenced anew, nor is one that was heard since it was listed.
    if (!isFenced && (await ports.store.container(id))?.seenAt !== seenAt) continue
    await ports.logs.write(keyOf(container), [containerTold(container, 'drains', reason, now)])
    await kill(ports, id)
  }
}

async function seeToOverdueCalls(ports: SweepPorts): Promise<void> {
  for (const call of await ports.store.overdueCalls(ports.clock.now() - OVERDUE_MS, BATCH)) {
    await enqueue(ports, call)
    await ports.worklist.add(keyOf(call))
  }
}

async function seeToDueErrands(ports: SweepPorts): Promise<void> {
  const now = ports.clock.now()
  for (const errand of await ports.store.dueErrands(now - OVERDUE_MS, BATCH)) {
    await ports.outbox.add(errand, now)
  }
}
