import type { CallView } from '../../../protocol/api.ts'
import { duration } from '../../parts/time.tsx'
import { useNow } from '../../parts/use-now.ts'

interface Span {
  name: 'waited' | 'ran'
  label: string
  ms: number
}

/** How long a call waited, and how long it ran: as a bar, and in words. */
export function Timing({ call }: { call: CallView }) {
  const now = useNow()
  const spans = spansOf(call, now)
  const total = spans.reduce((sum, { ms }) => sum + ms, 0)
  let begin = 0
  return (
    <section class="block" aria-labelledby="timing">
      <h2 id="timing">Timing</h2>
      <svg class="timing" aria-hidden="true">
        {spans.map(({ name, ms }) => {
          const x = total === 0 ? 0 : (100 * begin) / total
          begin += ms
          const width = total === 0 ? 0 : (100 * ms) / total
          return <rect key={name} class={`timing-${name}`} x={`${x}%`} width={`${width}%`} height="100%" />
        })}
      </svg>
      <ul class="timing-legend">
        {spans.map(({ name, label, ms }) => (
          <li key={name} class={`timing-${name}`}>
            {label} <span class="number">{duration(ms)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** An attempt that failed counts as waiting for the next one: only the latest is timed. */
function spansOf({ status, attempts, createdAt, startedAt, endedAt }: CallView, now: number): Span[] {
  const created = Date.parse(createdAt)
  const end = endedAt === undefined ? Math.max(now, created) : Date.parse(endedAt)
  const hasStarted = startedAt !== undefined && status !== 'pending'
  const started = hasStarted ? Date.parse(startedAt) : end
  const waited: Span = { name: 'waited', label: waitedLabel(attempts, hasStarted), ms: started - created }
  if (!hasStarted) return [waited]
  const label = status === 'running' ? 'Has run' : 'Ran'
  return [waited, { name: 'ran', label, ms: Math.max(0, end - started) }]
}

function waitedLabel(attempts: number, hasStarted: boolean): string {
  const before = hasStarted ? attempts - 1 : attempts
  if (before <= 0) return hasStarted ? 'Waited' : 'Has waited'
  return `Waited, with ${before === 1 ? 'an attempt' : `${before} attempts`} before`
}
