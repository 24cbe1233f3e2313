import type { Random } from './random.ts'
import type { SchedulerFaults } from './scheduler.ts'

/** How much goes wrong, as probabilities. */
export interface Faults {
  /** That the process dies at a port call. */
  crash: number
  /** That a hint, or a message between container and control plane, is lost. */
  loss: number
  /** That a hint arrives twice. */
  doubling: number
  /** That there is no room for a container. */
  refusal: number
  /** That targets cannot be reached yet. */
  pending: number
}

export const CALM: Readonly<Faults> = { crash: 0, loss: 0, doubling: 0, refusal: 0, pending: 0 }
const PUNCTUAL: Readonly<SchedulerFaults> = { loss: 0, doubling: 0, late: 0, lateMs: 0 }

/** Of three worlds in ten nothing is wrong but that much happens at once. */
export function faultsOf(random: Random): { faults: Faults; schedulerFaults: SchedulerFaults } {
  if (!random.chance(0.7)) return { faults: { ...CALM }, schedulerFaults: PUNCTUAL }
  return {
    faults: {
      crash: random.next() * 0.01,
      loss: random.next() * 0.05,
      doubling: 0.1,
      refusal: random.next() * 0.2,
      pending: random.next() * 0.5,
    },
    schedulerFaults: { loss: 0.2, doubling: 0.2, late: 0.3, lateMs: 25_000 },
  }
}
