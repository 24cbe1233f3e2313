/** Milliseconds for which whoever was let in is not looked up again. */
const TRUST_MS = 10_000

/**
 * Lines end once their reader would not be let in any more: a log may be followed for days.
 * @param now milliseconds
 */
export function watched(
  lines: AsyncIterable<string>,
  isStillLetIn: () => Promise<boolean>,
  now: () => number,
): AsyncIterable<string> {
  return {
    // No generator: one that waits for its next line would not hear of it when its reader leaves.
    [Symbol.asyncIterator]() {
      const source = lines[Symbol.asyncIterator]()
      let trustedAt = now()
      const end = async () => {
        await source.return?.()
        return { done: true, value: undefined } as const
      }
      return {
        async next() {
          const line = await source.next()
          if (line.done || now() - trustedAt < TRUST_MS) return line
          if (!(await isStillLetIn())) return end()
          trustedAt = now()
          return line
        },
        return: end,
      }
    },
  }
}
