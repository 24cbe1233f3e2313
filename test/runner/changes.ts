/** Lets a test wait until what it looks at has come true. */
export class Changes {
  readonly #waiting = new Set<() => void>()

  /** Something may have come true. */
  tell(): void {
    for (const look of [...this.#waiting]) look()
  }

  until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isTrue()) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }
}
