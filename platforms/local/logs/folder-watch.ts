import { type FSWatcher, watch } from 'node:fs'

/** Which files of a folder changed. */
export class FolderWatch {
  readonly #watcher: FSWatcher
  readonly #signal: AbortSignal | undefined
  readonly #wake = () => this.#resolve?.()
  #names = new Set<string>()
  #failed = false
  #resolve: (() => void) | undefined

  constructor(folder: string, signal: AbortSignal | undefined) {
    this.#signal = signal
    this.#watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name) this.#names.add(name)
      this.#wake()
    })
    this.#watcher.on('error', () => {
      this.#failed = true
      this.#wake()
    })
    signal?.addEventListener('abort', this.#wake)
  }

  /** The files that changed since the last time, as soon as there are any; none once nothing more can come. */
  async changed(): Promise<string[]> {
    while (this.#names.size === 0 && !this.#isOver()) {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve
      })
    }
    const names = this.#isOver() ? [] : [...this.#names]
    this.#names = new Set()
    return names
  }

  close(): void {
    this.#watcher.close()
    this.#signal?.removeEventListener('abort', this.#wake)
  }

  #isOver(): boolean {
    return this.#failed || this.#signal?.aborted === true
  }
}
