/** What a group is run with. */
export interface Bench {
  /** How often each contestant has its turn. */
  rounds: number
  /** Whether the figures are to be kept, so that also peers have their turn that take long for it. */
  isWhole: boolean
  /** Milliseconds that one load lasts. */
  sliceMs: number
  /** Says that a peer is left out, and how to get it. */
  skip(peer: string, how: string): void
}
