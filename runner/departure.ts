import type { CallError } from '../protocol/calls.ts'

/** Why a container goes: it was told to, or cannot go on. The first reason counts. */
export type Ending =
  | { kind: 'told' }
  | { kind: 'hopeless'; error: CallError; check?: true }
  | { kind: 'cut off'; error: unknown }

/** Decides when a container goes. */
export class Departure {
  readonly #left: { outcomes: () => number; work: () => number }
  readonly #ending = Promise.withResolvers<Ending>()
  #waitsFor: 'outcomes' | 'work' | undefined

  /** @param left outcomes that were not accepted yet; calls and requests that are not done */
  constructor(left: { outcomes: () => number; work: () => number }) {
    this.#left = left
  }

  get ending(): Promise<Ending> {
    return this.#ending.promise
  }

  /** The control plane knows of nothing that the container does. */
  onceDelivered(): void {
    this.#waitsFor = 'outcomes'
    this.look()
  }

  /** Nobody will tell it when. */
  onceIdle(): void {
    this.#waitsFor ??= 'work'
    this.look()
  }

  /** Something has ended. */
  look(): void {
    if (this.#waitsFor === undefined || this.#left.outcomes() > 0) return
    if (this.#waitsFor === 'outcomes' || this.#left.work() === 0) this.#ending.resolve({ kind: 'told' })
  }

  hopeless(error: CallError): void {
    this.#ending.resolve({ kind: 'hopeless', error })
  }

  unfit(error: CallError): void {
    this.#ending.resolve({ kind: 'hopeless', error, check: true })
  }

  cutOff(error: unknown): void {
    this.#ending.resolve({ kind: 'cut off', error })
  }
}
