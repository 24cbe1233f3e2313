import { SluiceError } from '../protocol/errors.ts'
import { SLOT_MS } from '../protocol/usage.ts'
import { DAY_MS, HOUR_MS, USAGE_KEPT_MS } from './usage-policy.ts'

export type Step = '5m' | '1h' | '1d'

const STEP_MS: Record<Step, number> = { '5m': SLOT_MS, '1h': HOUR_MS, '1d': DAY_MS }
/** Of one chart. */
const MOST_STEPS = 2_000
/** Up to so much is read slot by slot unless a step is asked for, beyond it by the hour. */
const SHORT_MS = 6 * HOUR_MS
const DEFAULT_MS = DAY_MS

/** A stretch of time that whole rows of usage are in. */
export interface UsageRange {
  since: number
  until: number
  by: 'slot' | 'hour'
  /** How long a part of it is: all of it where no step was asked for. */
  stepMs: number
}

/**
 * The time that was asked for, widened to whole slots, hours or days, and to now at most.
 * @throws SluiceError `invalid_request` for one that makes no sense or that nothing is kept of
 */
export function usageRange(
  asked: { since?: number | undefined; until?: number | undefined; step?: Step | undefined },
  now: number,
): UsageRange {
  const until = Math.min(asked.until ?? now, now)
  const since = asked.since ?? until - DEFAULT_MS
  if (since >= until) throw fault('since', 'must be before `until`, and before now')
  const by = asked.step ? byOf(asked.step) : until - since <= SHORT_MS ? 'slot' : 'hour'
  const isKept = since >= now - USAGE_KEPT_MS[by]
  if (!isKept && asked.step === '5m') throw fault('step', 'of 5m is kept for 35 days: take 1h or 1d')
  if (since < now - USAGE_KEPT_MS.hour) throw fault('since', 'must not be more than 400 days ago')
  return aligned({ since, until, by: isKept ? by : 'hour' }, asked.step, now)
}

function aligned(
  { since, until, by }: Omit<UsageRange, 'stepMs'>,
  step: Step | undefined,
  now: number,
): UsageRange {
  const grain = step ? STEP_MS[step] : by === 'slot' ? SLOT_MS : HOUR_MS
  const from = since - (since % grain)
  const to = Math.min(now, Math.ceil(until / grain) * grain)
  const stepMs = step ? grain : to - from
  if ((to - from) / stepMs > MOST_STEPS)
    throw fault('step', `makes more than ${MOST_STEPS} parts of this time: take a longer one`)
  return { since: from, until: to, by, stepMs }
}

const byOf = (step: Step): UsageRange['by'] => (step === '5m' ? 'slot' : 'hour')

function fault(path: string, message: string): SluiceError {
  return new SluiceError('invalid_request', `${path}: ${message}.`, [{ path, message }])
}
