import { closeSync, fdatasync, openSync } from 'node:fs'

/** Brings SQLite's write-ahead log to the disk, off the main thread; one sync serves everybody who waits for it. */
export class WriteAheadLog {
  readonly #file: number
  #next: Promise<void> | undefined
  #current: Promise<void> | undefined
  #closed = false

  constructor(path: string) {
    this.#file = openSync(path, 'r')
  }

  /** A sync that began before the commit may have missed it, so a waiter takes part in the next one. */
  synced(): Promise<void> {
    this.#next ??= (this.#current ?? Promise.resolve()).then(() => this.#sync())
    return this.#next
  }

  close(): void {
    this.#closed = true
    if (!this.#current && !this.#next) closeSync(this.#file)
  }

  #sync(): Promise<void> {
    this.#current = this.#next
    this.#next = undefined
    return new Promise((resolve, reject) => {
      fdatasync(this.#file, (error) => {
        if (!this.#next) {
          this.#current = undefined
          if (this.#closed) closeSync(this.#file)
        }
        if (error) reject(error)
        else resolve()
      })
    })
  }
}
