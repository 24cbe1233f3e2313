import type { Random } from './random.ts'
import type { Situation } from './situation.ts'
import type { Visitors } from './visitors.ts'

/** What actions can reach. */
export interface Stage extends Situation {
  readonly visitors: Visitors
  /** True where there was one. */
  killOne(random: Random): boolean
}

export interface Action {
  /** How many of a hundred lots are its. */
  weight: number
  /** It draws from a stream of its own. */
  act(stage: Stage, random: Random): unknown
}
