import { useQueryClient } from '@tanstack/preact-query'
import { useEffect, useState } from 'preact/hooks'
import { isConnectionLost, onConnection } from '../api/connection.ts'
import { useAnnounce } from './announcer.tsx'

/** Says that what is shown may be old, as long as the control plane does not answer; then all of it is asked for again. */
export function ConnectionBanner() {
  const client = useQueryClient()
  const announce = useAnnounce()
  const [isLost, setLost] = useState(isConnectionLost)
  useEffect(() => {
    // It may have been lost between the first look and this.
    setLost(isConnectionLost)
    return onConnection(() => {
      setLost(isConnectionLost)
      if (isConnectionLost()) return
      announce('The control plane is back.')
      void client.invalidateQueries()
    })
  }, [client, announce])
  // A screen reader hears of what is put into a region that was there before.
  return (
    <div role="status">
      {isLost && (
        <p class="banner">
          The control plane does not answer. What you see may be out of date; it is tried again by itself.
        </p>
      )}
    </div>
  )
}
