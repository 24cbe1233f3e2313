import type { Drain } from '../../../../protocol/changes.ts'
import { count, inFlight } from '../../../parts/count.ts'

/** What a change of the live version does to the containers that there are. */
export function Outdated({ drain }: { drain: Drain }) {
  const { containers } = drain
  if (containers === 0) return <p>No container runs now, so none is replaced.</p>
  const work = inFlight(drain)
  return (
    <p>
      {count(containers, 'container')} {containers === 1 ? 'is' : 'are'} replaced
      {work === undefined
        ? '.'
        : `, and first ${containers === 1 ? 'finishes' : 'finish'} what is in flight: ${work}.`}
    </p>
  )
}

/** Of what runs of the live version now. */
export function drainOf(
  rows: {
    version: number
    containers: { starting: number; ready: number }
    calls: number
    requests: number
  }[] = [],
  live: number | undefined,
): Drain {
  const row = rows.find(({ version }) => version === live)
  const { starting = 0, ready = 0 } = row?.containers ?? {}
  return { containers: starting + ready, calls: row?.calls ?? 0, requests: row?.requests ?? 0 }
}
