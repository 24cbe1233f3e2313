import { useEffect, useState } from 'preact/hooks'

const TICK_MS = 1_000
const listeners = new Set<(now: number) => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** The time, by the second; all that show one share a single timer. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    listeners.add(setNow)
    timer ??= setInterval(tick, TICK_MS)
    return () => {
      listeners.delete(setNow)
      if (listeners.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }, [])
  return now
}

function tick(): void {
  const now = Date.now()
  for (const listener of listeners) listener(now)
}
