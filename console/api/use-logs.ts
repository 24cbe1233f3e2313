import { useEffect, useMemo, useState } from 'preact/hooks'
import { LogFeed } from './log-feed.ts'
import type { LogsOf } from './logs.ts'

/** `follow`: the last lines and each that comes. `read`: the last ones. A time: what was written around it. */
export type LogsExtent = 'follow' | 'read' | { around: string }

/** The lines of an app, or of a part of it. What comes at once is shown at once, once a frame. */
export function useLogs(of: LogsOf, extent: LogsExtent): LogFeed {
  const [, setFrame] = useState(0)
  const around = typeof extent === 'object' ? extent.around : undefined
  const key = JSON.stringify([of, extent])
  const feed = useMemo(() => {
    let isDue = false
    const show = () => {
      isDue = false
      setFrame((count) => count + 1)
    }
    return new LogFeed(of, () => {
      if (!isDue) requestAnimationFrame(show)
      isDue = true
    })
  }, [key])
  useEffect(() => {
    if (around !== undefined) void feed.readAround(around)
    else void (extent === 'follow' ? feed.follow() : feed.read())
    return () => feed.close()
  }, [feed])
  return feed
}
