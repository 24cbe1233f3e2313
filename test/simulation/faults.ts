import type { Random } from './random.ts'

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
  /** That a schedule's word never comes, comes twice, or comes late. */
  slotLoss: number
  slotDoubling: number
  slotLate: number
}

export type FaultName = keyof Faults

const NONE: Readonly<Faults> = {
  crash: 0,
  loss: 0,
  doubling: 0,
  refusal: 0,
  pending: 0,
  slotLoss: 0,
  slotDoubling: 0,
  slotLate: 0,
}

/** What ends when the world is to come to rest. The words of a scheduler come from outside, and go astray at rest too. */
export const CALM = without(NONE, ['slotLoss', 'slotDoubling', 'slotLate'])

/** Of three worlds in ten nothing is wrong but that much happens at once. */
export function faultsOf(random: Random): Faults {
  if (!random.chance(0.7)) return { ...NONE }
  return {
    crash: random.next() * 0.01,
    loss: random.next() * 0.05,
    doubling: 0.1,
    refusal: random.next() * 0.2,
    pending: random.next() * 0.5,
    slotLoss: 0.2,
    slotDoubling: 0.2,
    slotLate: 0.3,
  }
}

function without(faults: Faults, lasting: FaultName[]): Partial<Faults> {
  return Object.fromEntries(Object.entries(faults).filter(([name]) => !lasting.some((one) => one === name)))
}
