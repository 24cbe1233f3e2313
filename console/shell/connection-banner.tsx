import { useQueryClient } from '@tanstack/preact-query'
import { useEffect, useState } from 'preact/hooks'
import { ApiProblem } from '../api/problem.ts'

/** Says that what is shown may be old, as long as the control plane does not answer. */
export function ConnectionBanner() {
  const cache = useQueryClient().getQueryCache()
  const [isLost, setLost] = useState(false)
  useEffect(
    () =>
      cache.subscribe(({ query }) => {
        const { error, fetchFailureReason, status, fetchStatus } = query.state
        const reason = error ?? fetchFailureReason
        if (reason instanceof ApiProblem && reason.status === 0) setLost(true)
        else if (status === 'success' && fetchStatus === 'idle') setLost(false)
      }),
    [cache],
  )
  if (!isLost) return null
  return (
    <p class="banner" role="status">
      The control plane does not answer. What you see may be out of date; it is tried again by itself.
    </p>
  )
}
