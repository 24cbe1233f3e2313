import type { State, Target } from './state.ts'

/** What is under way to each target, to be cut off where the target is gone: its deregistration delay is over. */
export class InFlight {
  readonly #cuts = new Map<string, Set<() => void>>()

  /** Returns what to call when it is over. */
  add(target: Target, cut: () => void): () => void {
    const key = keyOf(target)
    const cuts = this.#cuts.get(key) ?? new Set()
    this.#cuts.set(key, cuts.add(cut))
    return () => {
      cuts.delete(cut)
      if (cuts.size === 0) this.#cuts.delete(key)
    }
  }

  cutAllBut({ targetGroups }: State): void {
    const registered = new Set(Object.values(targetGroups).flatMap(({ targets }) => targets.map(keyOf)))
    for (const [key, cuts] of this.#cuts) {
      if (!registered.has(key)) for (const cut of [...cuts]) cut()
    }
  }
}

function keyOf({ id, port }: Target): string {
  return `${id}:${port}`
}
