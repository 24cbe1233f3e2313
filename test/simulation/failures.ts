import type { SqliteStore } from '../../platforms/local/store/store.ts'

/** What fails of what versions do: half of what a bad one does. */
export class Failures {
  readonly #watching = new Set<() => void>()

  constructor(store: SqliteStore) {
    store.usageOf = async (key, { version }) => {
      const manifest = (await store.version(key, version))?.manifest
      const isBad = Boolean(manifest?.functions.work?.env.BAD)
      if (isBad) this.#tell()
      return { calls: 10, errors: isBad ? 5 : 0 }
    }
  }

  /** Resolves once the control plane looks at what a bad version does, as anybody may in the same moment. */
  seen(): Promise<void> {
    return new Promise((resolve) => this.#watching.add(resolve))
  }

  #tell(): void {
    for (const resolve of this.#watching) resolve()
    this.#watching.clear()
  }
}
