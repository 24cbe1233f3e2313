import type { State, Target } from './state.ts'

/** What is under way to each target, to be cut off where the target is gone: its deregistration delay is over. */
export class InFlight {
  readonly #cuts = new Map<string, Set<() => void>>()

  /** Returns what to call when it is over. */
  add(group: string, target: Target, cut: () => void): () => void {
    const key = keyOf(group, target)
    const cuts = this.#cuts.get(key) ?? new Set()
    this.#cuts.set(key, cuts.add(cut))
    return () => {
      cuts.delete(cut)
      if (cuts.size === 0) this.#cuts.delete(key)
    }
  }

  cutAllBut({ targetGroups }: State): void {
    const groups = Object.entries(targetGroups)
    const registered = new Set(groups.flatMap(([arn, { targets }]) => targets.map((t) => keyOf(arn, t))))
    for (const [key, cuts] of this.#cuts) {
      if (!registered.has(key)) for (const cut of [...cuts]) cut()
    }
  }
}

function keyOf(group: string, { id, port }: Target): string {
  return `${group} ${id}:${port}`
}
