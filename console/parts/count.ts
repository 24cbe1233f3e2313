/** A number of things, such as `1 call` or `3 calls`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`

/** What is in flight, in words; nothing where nothing is. */
export function inFlight({ calls, requests }: { calls: number; requests: number }): string | undefined {
  const parts = [calls > 0 && count(calls, 'call'), requests > 0 && count(requests, 'request')]
  return parts.filter(Boolean).join(' and ') || undefined
}
